internal import CRevmeta
internal import RevmetaEngine
internal import RevmetaModel

/// Takes what a plugin emits during one call, copies it, and refuses what the contract forbids.
///
/// A plugin that breaks the contract is told to stop; the call then fails with the first breach, whatever the plugin
/// returns. Sinks are called on the session's thread only, so nothing here is locked.
final class Collector {
    let plugin: String
    var facts: [Fact] = []
    var abilities: [Ability] = []
    var statements: [Statement] = []
    var refusals: [Refusal] = []
    var outcomes: [Execution.Outcome?] = []
    private(set) var breach: Failure?

    /// What indexes may point into: the entities and attributes, changes, or statements of the call.
    private let itemCount: Int
    private let attributeCount: Int

    init(plugin: String, itemCount: Int, attributeCount: Int = 0) {
        self.plugin = plugin
        self.itemCount = itemCount
        self.attributeCount = attributeCount
    }

    private func breaks(_ what: String) -> Int32 {
        breach = breach ?? Failure(.invalid, "the plugin \(plugin) broke its contract: it \(what). Report this to its author")
        return 1
    }

    /// Copies each element of a list that steps by the sender's stride.
    private func each<T>(
        _ items: UnsafePointer<T>?, _ count: Int, _ stride: Int, what: String, _ body: (T) -> Int32
    ) -> Int32 {
        if breach != nil { return 1 }
        guard count > 0 else { return 0 }
        guard let items, stride >= MemoryLayout<T>.size else {
            return breaks("emitted \(what) of \(stride) bytes each, where \(MemoryLayout<T>.stride) are expected")
        }
        var current = UnsafeRawPointer(items)
        for _ in 0..<count {
            let status = body(current.loadUnaligned(as: T.self))
            if status != 0 { return status }
            current += stride
        }
        return 0
    }

    /// Nil without a breach: the text is absent.
    private func text(_ lent: revmeta_str, of what: String) -> String? {
        guard let start = lent.ptr else { return nil }
        let bytes = UnsafeRawBufferPointer(start: start, count: lent.len)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            _ = breaks("emitted \(what) that is not UTF-8")
            return nil
        }
        return text
    }

    func take(_ list: revmeta_facts) -> Int32 {
        each(list.items, list.count, list.stride, what: "facts") { fact in
            guard fact.entity < itemCount, fact.attribute < attributeCount else {
                return breaks(
                    "emitted a fact for entity \(fact.entity) of \(itemCount) and attribute \(fact.attribute) of "
                        + "\(attributeCount), which nobody asked for")
            }
            guard let kind = text(fact.kind, of: "a kind") else { return breaks("emitted a fact without a kind") }
            let value: Fact.Value =
                if let problem = text(fact.problem, of: "a problem") { .unknown(reason: problem) } else {
                    .known(text(fact.value, of: "a value"))
                }
            guard breach == nil else { return 1 }
            facts.append(Fact(entity: fact.entity, attribute: fact.attribute, kind: kind, value: value))
            return 0
        }
    }

    func take(_ list: revmeta_abilities) -> Int32 {
        each(list.items, list.count, list.stride, what: "abilities") { ability in
            guard let kind = text(ability.kind, of: "a kind"), let name = text(ability.attribute, of: "an attribute") else {
                return breaks("emitted an ability without a kind or attribute")
            }
            guard let support = Ability.Support(rawValue: ability.support), let allowed = Ability.Text(rawValue: ability.text),
                let unit = Ability.LengthUnit(rawValue: ability.unit)
            else {
                return breaks("emitted an ability of '\(name)' of a \(kind) with a value that is not known")
            }
            let note = text(ability.note, of: "a note")
            guard breach == nil else { return 1 }
            abilities.append(Ability(
                kind: kind, attribute: Attribute(rawValue: name), support: support,
                canClear: ability.flags & REVMETA_ABILITY_CLEAR != 0,
                emptyIsNull: ability.flags & REVMETA_ABILITY_EMPTY_IS_NULL != 0, text: allowed,
                maxLength: ability.max_length == 0 ? nil : Int(clamping: ability.max_length), unit: unit, note: note))
            return 0
        }
    }

    func take(_ list: revmeta_statements) -> Int32 {
        each(list.items, list.count, list.stride, what: "statements") { statement in
            guard let body = text(statement.text, of: "a statement"), statement.change_count > 0, let first = statement.changes
            else {
                return breaks("emitted a statement without a text or without changes")
            }
            let changes = Array(UnsafeBufferPointer(start: first, count: statement.change_count))
            guard changes.allSatisfy({ $0 < itemCount }) else {
                return breaks("emitted a statement for a change that it was not given")
            }
            let guardText = text(statement.guard, of: "a guard")
            guard breach == nil else { return 1 }
            statements.append(Statement(text: body, changes: changes, guardText: guardText))
            return 0
        }
    }

    func takeRefusals(_ list: revmeta_outcomes) -> Int32 {
        each(list.items, list.count, list.stride, what: "outcomes") { outcome in
            guard outcome.index < itemCount else { return breaks("refused a change that it was not given") }
            guard outcome.status != REVMETA_OK else { return 0 }
            let failure = failure(status: outcome.status, details: outcome.failure)
            guard breach == nil else { return 1 }
            refusals.append(Refusal(index: outcome.index, failure: failure))
            return 0
        }
    }

    func takeOutcomes(_ list: revmeta_outcomes) -> Int32 {
        each(list.items, list.count, list.stride, what: "outcomes") { outcome in
            guard outcome.index < outcomes.count else {
                return breaks("told the outcome of statement \(outcome.index) of \(outcomes.count)")
            }
            guard outcomes[outcome.index] == nil else {
                return breaks("told the outcome of statement \(outcome.index) twice")
            }
            if outcome.status == REVMETA_OK {
                outcomes[outcome.index] = .applied
            } else {
                let failure = failure(status: outcome.status, details: outcome.failure)
                guard breach == nil else { return 1 }
                outcomes[outcome.index] = .failed(failure)
            }
            return 0
        }
    }

    /// Copies why something failed.
    func failure(status: revmeta_status, details: UnsafePointer<revmeta_failure>?) -> Failure {
        let known = Failure.Status(rawValue: status) ?? .failed
        guard let details, details.pointee.struct_size >= UInt32(MemoryLayout<revmeta_failure>.size) else {
            return Failure(known, "the plugin \(plugin) gave no reason (status \(status))")
        }
        let lent = details.pointee
        return Failure(
            known, text(lent.message, of: "a message") ?? "the plugin \(plugin) gave no reason (status \(status))",
            sqlState: text(lent.sqlstate, of: "an SQLSTATE"), vendorCode: lent.vendor_code,
            retryAfterMilliseconds: lent.retry_after_ms, line: lent.line, column: lent.column)
    }
}
