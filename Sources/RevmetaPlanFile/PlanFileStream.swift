internal import RevmetaEngine
internal import RevmetaJSON
internal import RevmetaModel

/// Reads a plan's file from its beginning to its end, and checks it on the way.
final class PlanFileStream {
    private let path: String
    private let services: [ServiceDefinition]
    private let reader: ElementReader
    private var hash = PlanHash()
    private var scopes: Set<PlanScope> = []
    /// What was read already, and belongs to the next piece.
    private var waiting: (scope: PlanScope, piece: PlanPiece)?
    private var isAtEnd = false

    private static let mostAtOnce = 1000
    private static let shape = ListShape(
        lists: ["statements", "notWritten"], allowsArray: false, whole: "a plan as 'revmeta plan --out' writes it",
        element: "a statement", elements: "statements", mostAround: 16 << 20)

    init(path: String, services: [ServiceDefinition]) throws(PlanFileError) {
        self.path = path
        self.services = services
        do throws(DocumentError) {
            reader = try ElementReader(path: path, Self.shape)
        } catch {
            throw PlanFileError("\(path): \(error.message)")
        }
    }

    /// The next piece; nil at the end of a file that is whole and unchanged.
    func next() throws(PlanFileError) -> PlanPiece? {
        var current = waiting
        waiting = nil
        while !isAtEnd {
            guard let (scope, change) = try nextElement() else {
                try finish()
                isAtEnd = true
                break
            }
            if let begun = current, begun.scope != scope || begun.piece.changes.count >= Self.mostAtOnce {
                waiting = (scope, change)
                break
            }
            if current == nil { current = (scope, PlanPiece(service: scope.service, database: scope.database)) }
            current!.piece.append(change)
        }
        return current?.piece
    }

    /// A statement or an omission, as a piece of its own.
    private func nextElement() throws(PlanFileError) -> (PlanScope, PlanPiece)? {
        let element: SplitElement?
        do throws(DocumentError) {
            element = try reader.nextElement()
        } catch {
            throw PlanFileError(error.line.map { "\(path):\($0): \(error.message)" } ?? "\(path): \(error.message)")
        }
        guard let element else { return nil }
        do throws(Fault) {
            return element.list == 0
                ? try statement(reader.decode(SavedStatement.self, element.bytes))
                : try omission(reader.decode(SavedOmission.self, element.bytes))
        } catch {
            throw PlanFileError("\(path):\(element.line): \(error.message)")
        }
    }

    private func statement(_ saved: SavedStatement) throws(Fault) -> (PlanScope, PlanPiece) {
        let scope = try scope(saved.service, saved.database)
        guard !saved.text.isEmpty else { throw Fault("text: expected a statement, found an empty text") }
        guard !saved.changes.isEmpty else { throw Fault("changes: expected what the statement writes, found nothing") }
        var piece = PlanPiece(service: saved.service, database: saved.database)
        for (index, change) in saved.changes.enumerated() {
            piece.changes.append(try change.planned(at: "changes[\(index)].", isWritten: true))
        }
        let parts = saved.parts ?? []
        guard parts.allSatisfy({ !$0.isEmpty }) else { throw Fault("parts: expected statements, found an empty text") }
        guard parts.isEmpty || saved.guard == nil else {
            throw Fault("guard: a statement of a template has none, and this one has parts")
        }
        if !parts.isEmpty {
            let rendered = TemplateWriting.hash(of: parts)
            for index in piece.changes.indices { piece.changes[index].rendered = rendered }
        }
        piece.statements = [
            Statement(text: saved.text, changes: ChangeIndexes(saved.changes.indices), guardText: saved.guard, parts: parts)
        ]
        scopes.insert(scope)
        hash.add(piece)
        return (scope, piece)
    }

    private func omission(_ saved: SavedOmission) throws(Fault) -> (PlanScope, PlanPiece) {
        let scope = try scope(saved.service, saved.database)
        var piece = PlanPiece(service: saved.service, database: saved.database)
        piece.changes = [try saved.change.planned(at: "", isWritten: false)]
        return (scope, piece)
    }

    private func scope(_ service: String, _ database: String?) throws(Fault) -> PlanScope {
        guard services.contains(where: { $0.name == service }) else {
            throw Fault("service: the configuration has no service '\(service)'")
        }
        return PlanScope(service: service, database: database)
    }

    /// Checks what can be checked of the whole only.
    private func finish() throws(PlanFileError) {
        let around: PlanFileFormat.Around
        do throws(Fault) {
            around = try reader.decodeAround(PlanFileFormat.Around.self)
        } catch {
            throw PlanFileError("\(path): \(error.message)")
        }
        guard around.format == PlanFileFormat.name else {
            throw PlanFileError(
                "\(path): expected a plan of the format \(PlanFileFormat.name), found \(around.format): make it anew with this "
                    + "revmeta's 'plan --out'")
        }
        for planned in around.services {
            guard let service = services.first(where: { $0.name == planned.name }),
                scopes.contains(where: { $0.service == planned.name }),
                service.type.lowercased() != planned.type.lowercased()
            else { continue }
            throw PlanFileError(
                "\(path): the plan was made for a service '\(planned.name)' of type \(planned.type), and the configuration has "
                    + "one of type \(service.type)")
        }
        if scopes.isEmpty, let failure = around.report?.failures?.first {
            throw PlanFileError(
                "\(path): there is nothing in the plan, since service '\(failure.service)' failed when it was made "
                    + "(\(failure.message)): make it anew with 'revmeta plan --out'")
        }
        let found = hash.text(of: scopes)
        guard found == around.hash else {
            throw PlanFileError(
                "\(path): the plan was changed after it was made: its hash says \(around.hash ?? "that it is empty"), its "
                    + "statements give \(found ?? "an empty plan"); make it anew with 'revmeta plan --out'")
        }
    }
}

extension PlanPiece {
    fileprivate mutating func append(_ other: PlanPiece) {
        let shift = changes.count
        changes += other.changes
        statements += other.statements.map {
            Statement(
                text: $0.text, changes: $0.changes.shifted(by: shift), guardText: $0.guardText, parts: $0.parts)
        }
    }
}

extension SavedChange {
    /// The change, checked.
    ///
    /// - Parameter place: What stands before a field's name in an error.
    fileprivate func planned(at place: String, isWritten: Bool) throws(Fault) -> PlannedChange {
        let actions = PlannedChange.Action.allCases.filter { $0.isWritten == isWritten }
        guard let action = actions.first(where: { $0.rawValue == self.action }) else {
            let known = actions.map(\.rawValue).joined(separator: ", ")
            throw Fault("\(place)action: expected one of \(known), found '\(self.action)'")
        }
        guard let kind = EntityKind(rawValue: entity) else {
            let known = EntityKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw Fault("\(place)entity: expected one of \(known), found '\(entity)'")
        }
        guard !path.isEmpty else { throw Fault("\(place)path: expected names, found none") }
        if isWritten, (action == .clear) != (value == nil) {
            throw Fault("\(place)value: a change that clears has none, and every other has one")
        }
        return PlannedChange(
            channel: channel, action: action, entityKind: kind,
            change: Change(
                kind: self.kind, path: EntityPath(path), attribute: Attribute(rawValue: attribute), before: before,
                value: value),
            reason: reason)
    }
}
