internal import RevmetaPlugin

/// Keeps descriptions, and owners of files, in a `NOTES.txt` beside the data that they describe.
///
/// A session holds the path of the folder, and from its first execute on the right to write below it.
final class NotesConnector: Connector {
    /// How templates write a statement: names bare, a text with its backslashes doubled.
    static let dialect: Dialect = {
        var dialect = Dialect(name: "text", identifierQuote: nil)
        dialect.literalOpen = ""
        dialect.literalClose = ""
        dialect.hasBackslashEscapes = true
        dialect.statementEnd = ""
        return dialect
    }()

    private let folder: String
    private var lock: WriteLock?

    init(settings: Settings, call: Call) throws(Failure) {
        folder = try settings.required("folder")
        // The operating system would stop reading at a NUL and find another folder.
        guard !folder.utf8.contains(0), Files.isFolder(folder) else {
            throw Failure(.config, "the setting 'folder' must be the path of a folder, found '\(folder)'")
        }
        _ = try Files.names(in: folder)
    }

    func close() {
        lock = nil
    }

    func abilities(_ call: Call) -> [Ability] { Ability.ofNotes }

    func read(
        _ entities: [Entity], attributes: [String], into facts: borrowing FactSink, _ call: Call
    ) throws(Failure) {
        let data = DataFolder(path: folder)
        for (index, entity) in entities.enumerated() {
            try call.checkCancelled()
            guard let names = Note.names(kind: entity.kind, path: entity.path),
                let schema = try data.schema(names[0])
            else { continue }
            let presence = schema.presence(of: names.dropFirst())
            if presence == .absent { continue }
            for (position, attribute) in attributes.enumerated() {
                guard let verb = Note.Verb(attribute: attribute),
                    Ability.ofNotes(entity.kind, attribute)?.support == .full
                else {
                    // The thing is there, though it has no such attribute.
                    try facts.emit(entity: index, attribute: position, kind: entity.kind, value: nil)
                    continue
                }
                switch (presence, schema.notes.said(verb, of: names.dropFirst())) {
                case (.unclear(let why), _), (_, .unclear(let why)):
                    try facts.emitUnknown(entity: index, attribute: position, kind: entity.kind, because: why)
                case (_, .text(let value)):
                    try facts.emit(entity: index, attribute: position, kind: entity.kind, value: value)
                case (_, .nothing):
                    try facts.emit(entity: index, attribute: position, kind: entity.kind, value: nil)
                }
            }
        }
    }

    func plan(_ changes: [Change], into plan: borrowing PlanSink, _ call: Call) throws(Failure) {
        let data = DataFolder(path: folder)
        for (index, change) in changes.enumerated() {
            try call.checkCancelled()
            let note: Note
            do throws(Failure) {
                note = try Note(making: change)
                _ = try data.schema(holding: note)
            } catch where [.unsupported, .invalid, .notFound].contains(error.status) {
                try plan.refuse(index, error)
                continue
            }
            try plan.emit(note.line, for: index)
        }
    }

    func check(_ changes: [Change], into outcomes: borrowing OutcomeSink, _ call: Call) throws(Failure) {
        let data = DataFolder(path: folder)
        for (index, change) in changes.enumerated() {
            try call.checkCancelled()
            do throws(Failure) {
                let schema = try data.schema(holding: Note(making: change))
                guard Files.isWritable(folder: schema.path) else {
                    throw Failure(
                        .denied,
                        "cannot write in '\(schema.path)': let the account that runs revmeta write in that folder")
                }
            } catch {
                try outcomes.fail(index, error)
            }
        }
    }

    func execute(
        _ statements: [Statement], of changes: [Change], into outcomes: borrowing OutcomeSink, _ call: Call
    ) throws(Failure) {
        if lock == nil { lock = try WriteLock(on: folder) }
        var orders: [Order] = []
        for (index, statement) in statements.enumerated() {
            do throws(Failure) {
                orders.append(try Order(index: index, statement, of: changes))
            } catch {
                try outcomes.fail(index, error)
            }
        }
        for batch in Order.batches(orders) {
            try call.checkCancelled()
            let failures = carryOut(batch)
            for (order, failure) in zip(batch, failures) {
                if let failure {
                    try outcomes.fail(order.index, failure)
                } else {
                    try outcomes.succeed(order.index)
                }
            }
            call.log(.debug, "\(failures.count { $0 == nil }) of \(batch.count) notes kept in '\(batch[0].schema)'")
        }
    }

    /// Carries out the orders for one schema in one write. Says for each why it was not carried out; nil: it was.
    private func carryOut(_ batch: [Order]) -> [Failure?] {
        var failures: [Failure?] = batch.map { _ in nil }
        do throws(Failure) {
            // Looked at anew, behind the lock: what was read or planned may have moved since.
            guard let schema = try DataFolder(path: folder).schema(batch[0].schema) else {
                throw Note.notFound(batch[0].schema)
            }
            for (position, order) in batch.enumerated() {
                do throws(Failure) {
                    try order.carryOut(in: schema)
                } catch {
                    failures[position] = error
                }
            }
            try schema.save()
        } catch {
            failures = failures.map { $0 ?? error }
        }
        return failures
    }
}
