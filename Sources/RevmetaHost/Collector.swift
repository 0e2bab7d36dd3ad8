internal import RevmetaEngine
internal import RevmetaModel
internal import RevmetaRunner

/// Takes what a plugin emits during one call, and refuses what the contract forbids.
///
/// The call then fails with the first breach, whatever the plugin returns. It does not matter here whether the plugin or its
/// worker is to blame. Frames come one after the other, so nothing is locked.
final class Collector {
    private(set) var facts: [Fact] = []
    private(set) var abilities: [Ability] = []
    private(set) var statements: [Statement] = []
    private(set) var refusals: [Refusal] = []
    private(set) var outcomes: [Execution.Outcome?]
    /// Whether the runner has at hand what was planned.
    private(set) var isKept = false
    private(set) var uses: [String] = []
    private(set) var renderings: [Result<[String], Failure>?]
    private(set) var breach: Failure?

    private let plugin: String
    private let redaction: Redaction
    /// What indexes may point into: the entities and attributes, or changes of the call.
    private let itemCount: Int
    private let attributeCount: Int
    /// Of each asked entity and attribute: whether its fact was told.
    private var isTold: [Bool]
    /// The kinds so far: there are few, and of each many facts.
    private var kind = ""

    /// - Parameters:
    ///   - itemCount: How many entities or changes the plugin is given.
    ///   - statementCount: How many statements it is to execute.
    ///   - renderingCount: How many texts it is to render.
    init(
        plugin: String, _ redaction: Redaction = .none, itemCount: Int = 0, attributeCount: Int = 0, statementCount: Int = 0,
        renderingCount: Int = 0
    ) {
        self.plugin = plugin
        self.redaction = redaction
        self.itemCount = itemCount
        self.attributeCount = attributeCount
        isTold = Array(repeating: false, count: itemCount * attributeCount)
        outcomes = Array(repeating: nil, count: statementCount)
        renderings = Array(repeating: nil, count: renderingCount)
        facts.reserveCapacity(isTold.count)
    }

    private func breach(_ what: String) -> Refused {
        .contract(.breach(by: plugin, what))
    }

    /// Takes the items of a frame.
    func take(_ answer: Answer, _ body: inout FrameReader) throws(BrokenFrame) {
        guard breach == nil else { return }
        do {
            while !body.isAtEnd {
                switch answer {
                case .fact: try takeFact(&body)
                case .ability: try takeAbility(&body)
                case .statement: try takeStatement(&body)
                case .refusal: try takeRefusal(&body)
                case .outcome: try takeOutcome(&body)
                case .uses: uses = try texts(&body, of: "a name")
                case .rendering: try takeRendering(&body)
                case .kept: isKept = try body.number(UInt8.self) == 1
                case .breach: throw breach(redaction(try body.text() ?? ""))
                case .loaded, .log, .ended: throw Refused.frame(BrokenFrame("it is no item of a call"))
                }
            }
        } catch let broken as BrokenFrame {
            throw broken
        } catch Refused.frame(let broken) {
            throw broken
        } catch Refused.contract(let failure) {
            breach = failure
        } catch {
            throw BrokenFrame("\(error)")
        }
    }

    /// How the call ended; nil: well.
    ///
    /// - Parameter isCancelled: Whether somebody asked it to stop: who was need not say why.
    func end(_ body: inout FrameReader, isCancelled: Bool) throws(BrokenFrame) -> Failure? {
        let status = try body.number(Int32.self)
        if let breach { return breach }
        guard status != 0 else { return nil }
        do {
            let known = try self.status(status)
            guard let failure = try reason(known, &body) else {
                guard known == .cancelled, isCancelled else { throw unexplained(known) }
                return Failure(.cancelled, "the call was cancelled")
            }
            return failure
        } catch let broken as BrokenFrame {
            throw broken
        } catch Refused.contract(let failure) {
            return failure
        } catch {
            throw BrokenFrame("\(error)")
        }
    }

    private enum Refused: Error {
        case contract(Failure)
        case frame(BrokenFrame)
    }

    private func text(_ body: inout FrameReader, of what: String) throws -> String? {
        switch try body.lentText() {
        case .absent: return nil
        case .text(let text): return text
        case .notUTF8: throw breach("gave \(what) that is not UTF-8")
        }
    }

    private func takeFact(_ body: inout FrameReader) throws {
        let entity = try body.number(UInt64.self), attribute = try body.number(UInt64.self)
        guard let kind = try text(&body, of: "a kind") else { throw breach("emitted a fact without a kind") }
        if kind != self.kind { self.kind = kind }
        guard entity < itemCount, attribute < attributeCount else {
            throw breach(
                "emitted a fact for entity \(entity) of \(itemCount) and attribute \(attribute) of \(attributeCount), which "
                    + "nobody asked for")
        }
        let place = Int(entity) * attributeCount + Int(attribute)
        guard !isTold[place] else {
            throw breach("emitted the fact for entity \(entity) and attribute \(attribute) twice")
        }
        isTold[place] = true
        let value = try text(&body, of: "a value"), problem = try text(&body, of: "a problem")
        facts.append(Fact(
            entity: Int(entity), attribute: Int(attribute), kind: self.kind,
            value: problem.map { .unknown(reason: $0) } ?? .known(value)))
    }

    private func takeAbility(_ body: inout FrameReader) throws {
        guard let kind = try text(&body, of: "a kind"), let attribute = try text(&body, of: "an attribute") else {
            throw breach("emitted an ability without a kind or attribute")
        }
        let support = try body.number(Int32.self), flags = try body.number(UInt32.self)
        let allowed = try body.number(Int32.self), unit = try body.number(Int32.self)
        let longest = try body.number(UInt64.self)
        guard let support = Ability.Support(rawValue: support), let allowed = Ability.Text(rawValue: allowed),
            let unit = Ability.LengthUnit(rawValue: unit)
        else { throw breach("emitted an ability of '\(attribute)' of a \(kind) with a value that is not known") }
        abilities.append(Ability(
            kind: kind, attribute: Attribute(rawValue: attribute), support: support, canClear: flags & 1 != 0,
            emptyIsNull: flags & 2 != 0, text: allowed, maxLength: longest == 0 ? nil : Int(clamping: longest), unit: unit,
            note: try text(&body, of: "a note")))
    }

    private func takeStatement(_ body: inout FrameReader) throws {
        let sent = try text(&body, of: "a statement"), guardText = try text(&body, of: "a guard")
        guard let sent else { throw breach("emitted a statement without a text or without changes") }
        var changes: ChangeIndexes = []
        for _ in 0..<(try body.count()) {
            let change = try body.number(UInt64.self)
            guard change < itemCount else { throw breach("emitted a statement for a change that it was not given") }
            changes.append(Int(change))
        }
        statements.append(Statement(text: sent, changes: changes, guardText: guardText))
    }

    private func takeRefusal(_ body: inout FrameReader) throws {
        let index = try body.number(UInt64.self), status = try body.number(Int32.self)
        guard index < itemCount else { throw breach("refused a change that it was not given") }
        guard status != 0 else {
            _ = try body.number(UInt8.self)
            return
        }
        refusals.append(Refusal(index: Int(index), failure: try failure(status, &body)))
    }

    private func takeOutcome(_ body: inout FrameReader) throws {
        let index = try body.number(UInt64.self), status = try body.number(Int32.self)
        guard index < outcomes.count else { throw breach("told the outcome of statement \(index) of \(outcomes.count)") }
        let place = Int(index)
        guard outcomes[place] == nil else {
            // Which of the two is true, only the source can tell.
            outcomes[place] = nil
            throw breach("told the outcome of statement \(index) twice")
        }
        if status == 0 {
            _ = try body.number(UInt8.self)
            outcomes[place] = .applied
        } else {
            outcomes[place] = .failed(try failure(status, &body))
        }
    }

    private func takeRendering(_ body: inout FrameReader) throws {
        let index = Int(try body.number(UInt32.self)), status = try body.number(Int32.self)
        guard index < renderings.count, renderings[index] == nil else { throw BrokenFrame("it renders what nobody asked for") }
        guard status == 0 else {
            renderings[index] = .failure(try failure(status, &body))
            return
        }
        let statements = try texts(&body, of: "a statement")
        guard statements.allSatisfy({ !$0.isEmpty }) else {
            renderings[index] = .failure(Failure(.config, "the template gives an empty statement for this change"))
            return
        }
        renderings[index] = .success(statements)
    }

    private func texts(_ body: inout FrameReader, of what: String) throws -> [String] {
        var texts: [String] = []
        for _ in 0..<(try body.count()) {
            guard let text = try text(&body, of: what) else { throw BrokenFrame("a text is absent") }
            texts.append(text)
        }
        return texts
    }

    private func failure(_ status: Int32, _ body: inout FrameReader) throws -> Failure {
        let known = try self.status(status)
        guard let failure = try reason(known, &body) else { throw unexplained(known) }
        return failure
    }

    private func unexplained(_ status: Failure.Status) -> Refused {
        breach("gave the status \(status.rawValue) (\(status)) without a reason")
    }

    private func status(_ status: Int32) throws -> Failure.Status {
        guard let known = Failure.Status(rawValue: status) else {
            throw breach("gave the status \(status), which does not exist")
        }
        return known
    }

    /// Why something failed; nil: the plugin did not say.
    private func reason(_ status: Failure.Status, _ body: inout FrameReader) throws -> Failure? {
        guard try body.number(UInt8.self) == 1 else { return nil }
        let vendorCode = try body.number(Int32.self), retryAfter = try body.number(UInt32.self)
        let line = try body.number(UInt32.self), column = try body.number(UInt32.self)
        let sqlState = try text(&body, of: "an SQLSTATE")
        guard let message = try text(&body, of: "a message") else { throw breach("gave a reason without a message") }
        return Failure(
            status, redaction(message), sqlState: sqlState, vendorCode: vendorCode, retryAfterMilliseconds: retryAfter, line: line,
            column: column)
    }
}
