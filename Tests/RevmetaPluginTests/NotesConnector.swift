import RevmetaPlugin
import Synchronization

/// A connector with one note, to look at the kit from the host's side.
final class NotesConnector: Connector, Interruptible {
    static let dialect: Dialect = {
        var dialect = Dialect(name: "notes", identifierQuote: "`")
        dialect.identifierMaxBytes = 63
        dialect.literalOpen = "N'"
        dialect.hasBackslashEscapes = true
        dialect.hasNestedComments = true
        dialect.hasHashComments = true
        dialect.list.open = "["
        dialect.list.close = "]"
        dialect.list.separator = ","
        dialect.list.pairOpen = "("
        dialect.list.pairSeparator = ","
        dialect.list.pairClose = ")"
        dialect.statementEnd = "/"
        dialect.scriptBegin = "SET naïve = on/"
        return dialect
    }()

    private let note: String
    private let isInterrupted = Atomic(false)

    func interrupt() {
        isInterrupted.store(true, ordering: .relaxed)
    }

    init(settings: Settings, call: Call) throws(Failure) {
        note = try settings.required("note")
    }

    func abilities(_ call: Call) throws(Failure) -> [Ability] {
        [
            Ability(
                kind: "note", attribute: "description", canClear: true, text: .noNUL, maxLength: 80, unit: .characters)
        ]
    }

    func read(
        _ entities: [Entity], attributes: [String], into facts: borrowing FactSink, _ call: Call
    ) throws(Failure) {
        for (index, entity) in entities.enumerated() where entity.path.last == "note" {
            for attribute in attributes.indices {
                let text = isInterrupted.load(ordering: .relaxed) ? "interrupted" : note
                let value = attributes[attribute] == "description" ? text : nil
                try facts.emit(entity: index, attribute: attribute, kind: entity.kind, value: value)
            }
        }
    }

    func plan(_ changes: [Change], into plan: borrowing PlanSink, _ call: Call) throws(Failure) {
        for (index, change) in changes.enumerated() {
            guard let value = change.value else {
                try plan.refuse(index, Failure(.unsupported, "a note cannot be cleared"))
                continue
            }
            try plan.emit(Statement(text: "NOTE \(value)", changes: [index], guardText: change.before))
        }
    }

    func check(_ changes: [Change], into outcomes: borrowing OutcomeSink, _ call: Call) throws(Failure) {
        try call.checkCancelled()
    }

    func execute(
        _ statements: [Statement], of changes: [Change], into outcomes: borrowing OutcomeSink, _ call: Call
    ) throws(Failure) {
        for index in statements.indices {
            let change = changes[statements[index].changes[0]]
            if change.before == note {
                guard call.label == "run 12", change.channel == "note", statements[index].parts == ["NOTE", "NOTE"] else {
                    try outcomes.fail(index, Failure(.invalid, "less came than was sent"))
                    continue
                }
                try outcomes.succeed(index)
            } else {
                try outcomes.fail(index, Failure(.conflict, "moved", sqlState: "40001", vendorCode: 7))
            }
        }
    }

    func close() {}
}
