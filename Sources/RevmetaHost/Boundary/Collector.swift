internal import CRevmeta
internal import RevmetaEngine
internal import RevmetaModel

/// Takes what a plugin emits during one call, copies it, and refuses what the contract forbids.
///
/// A plugin that breaks the contract is told to stop; the call then fails with the first breach, whatever the plugin
/// returns. Sinks are called on the session's thread only, so nothing here is locked.
final class Collector {
    private(set) var facts: [Fact] = []
    private(set) var abilities: [Ability] = []
    private(set) var statements: [Statement] = []
    private(set) var refusals: [Refusal] = []
    private(set) var outcomes: [Execution.Outcome?]
    private(set) var breach: Failure?

    private let copier: Copier
    /// What indexes may point into: the entities and attributes, changes, or statements of the call.
    private let itemCount: Int
    private let attributeCount: Int
    /// Of each asked entity and attribute: whether its fact was told.
    private var isTold: [Bool]

    init(plugin: String, itemCount: Int, attributeCount: Int = 0) {
        copier = Copier(plugin: plugin)
        self.itemCount = itemCount
        self.attributeCount = attributeCount
        isTold = Array(repeating: false, count: itemCount * attributeCount)
        outcomes = Array(repeating: nil, count: itemCount)
        facts.reserveCapacity(isTold.count)
    }

    /// Takes each element of a list that steps by the sender's stride. Nonzero: the plugin must stop.
    private func each<T>(
        _ items: UnsafePointer<T>?, _ count: Int, _ stride: Int, what: String, _ take: (T) throws(Failure) -> Void
    ) -> Int32 {
        guard breach == nil else { return 1 }
        guard count != 0 else { return 0 }
        do throws(Failure) {
            guard let items, count > 0 else {
                throw copier.breach("emitted \(UInt(bitPattern: count)) \(what) without their list")
            }
            guard stride >= MemoryLayout<T>.size else {
                throw copier.breach(
                    "emitted \(what) of \(UInt(bitPattern: stride)) bytes each, where \(MemoryLayout<T>.size) are expected")
            }
            var current = UnsafeRawPointer(items)
            for _ in 0..<count {
                try take(current.loadUnaligned(as: T.self))
                current += stride
            }
            return 0
        } catch {
            breach = error
            return 1
        }
    }

    func take(_ list: revmeta_facts) -> Int32 {
        each(list.items, list.count, list.stride, what: "facts") { fact throws(Failure) in
            guard copier.isValid(fact.entity, in: itemCount), copier.isValid(fact.attribute, in: attributeCount) else {
                throw copier.breach(
                    "emitted a fact for entity \(UInt(bitPattern: fact.entity)) of \(itemCount) and attribute "
                        + "\(UInt(bitPattern: fact.attribute)) of \(attributeCount), which nobody asked for")
            }
            let place = fact.entity * attributeCount + fact.attribute
            guard !isTold[place] else {
                throw copier.breach("emitted the fact for entity \(fact.entity) and attribute \(fact.attribute) twice")
            }
            isTold[place] = true
            guard let kind = try copier.text(fact.kind, of: "a kind") else {
                throw copier.breach("emitted a fact without a kind")
            }
            let problem = try copier.text(fact.problem, of: "a problem")
            let value = try copier.text(fact.value, of: "a value")
            facts.append(Fact(
                entity: fact.entity, attribute: fact.attribute, kind: kind,
                value: problem.map { .unknown(reason: $0) } ?? .known(value)))
        }
    }

    func take(_ list: revmeta_abilities) -> Int32 {
        each(list.items, list.count, list.stride, what: "abilities") { ability throws(Failure) in
            guard let kind = try copier.text(ability.kind, of: "a kind"),
                let attribute = try copier.text(ability.attribute, of: "an attribute")
            else { throw copier.breach("emitted an ability without a kind or attribute") }
            guard let support = Ability.Support(rawValue: ability.support), let allowed = Ability.Text(rawValue: ability.text),
                let unit = Ability.LengthUnit(rawValue: ability.unit)
            else { throw copier.breach("emitted an ability of '\(attribute)' of a \(kind) with a value that is not known") }
            abilities.append(Ability(
                kind: kind, attribute: Attribute(rawValue: attribute), support: support,
                canClear: ability.flags & REVMETA_ABILITY_CLEAR != 0,
                emptyIsNull: ability.flags & REVMETA_ABILITY_EMPTY_IS_NULL != 0, text: allowed,
                maxLength: ability.max_length == 0 ? nil : Int(clamping: ability.max_length), unit: unit,
                note: try copier.text(ability.note, of: "a note")))
        }
    }

    func take(_ list: revmeta_statements) -> Int32 {
        each(list.items, list.count, list.stride, what: "statements") { statement throws(Failure) in
            guard let text = try copier.text(statement.text, of: "a statement"), statement.change_count > 0,
                let first = statement.changes
            else { throw copier.breach("emitted a statement without a text or without changes") }
            let changes = Array(UnsafeBufferPointer(start: first, count: statement.change_count))
            guard changes.allSatisfy({ copier.isValid($0, in: itemCount) }) else {
                throw copier.breach("emitted a statement for a change that it was not given")
            }
            statements.append(
                Statement(text: text, changes: changes, guardText: try copier.text(statement.guard, of: "a guard")))
        }
    }

    func takeRefusals(_ list: revmeta_outcomes) -> Int32 {
        each(list.items, list.count, list.stride, what: "outcomes") { outcome throws(Failure) in
            guard copier.isValid(outcome.index, in: itemCount) else {
                throw copier.breach("refused a change that it was not given")
            }
            guard outcome.status != REVMETA_OK else { return }
            refusals.append(Refusal(index: outcome.index, failure: try failure(of: outcome)))
        }
    }

    func takeOutcomes(_ list: revmeta_outcomes) -> Int32 {
        each(list.items, list.count, list.stride, what: "outcomes") { outcome throws(Failure) in
            guard copier.isValid(outcome.index, in: itemCount) else {
                throw copier.breach("told the outcome of statement \(UInt(bitPattern: outcome.index)) of \(itemCount)")
            }
            guard outcomes[outcome.index] == nil else {
                // Which of the two is true, only the source can tell.
                outcomes[outcome.index] = nil
                throw copier.breach("told the outcome of statement \(outcome.index) twice")
            }
            outcomes[outcome.index] = outcome.status == REVMETA_OK ? .applied : .failed(try failure(of: outcome))
        }
    }

    private func failure(of outcome: revmeta_outcome) throws(Failure) -> Failure {
        try copier.failure(try copier.status(outcome.status), outcome.failure)
    }
}
