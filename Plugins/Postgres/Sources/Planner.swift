import RevmetaPlugin

/// Writes the statement of each change. Looks up the arguments of routines, the roles that are to own something, and which
/// characters the database can spell, where it is not UTF-8.
struct Planner {
    let reader: Reader
    let encoding: DatabaseEncoding
    let database: String

    func plan(_ changes: [Change], into plan: borrowing PlanSink, _ call: Call) throws(Failure) {
        try encoding.learn(changes.lazy.compactMap(\.value), call)
        let routines = try routines(of: changes, call)
        let gifts = changes.indices.filter { changes[$0].attribute == "owner" }
        // What cannot be spelt is nobody's name, and could not even be asked for.
        let owners = try Roles.existing(
            of: gifts.lazy.compactMap { changes[$0].value }.filter { encoding.problem(with: $0) == nil },
            over: reader.connection, call)
        // Owners last: who gives a table away may no longer comment on it.
        let order = changes.indices.filter { gifts.isEmpty || changes[$0].attribute != "owner" } + gifts
        var kinds = KindReader(), relation = RelationSpelling()
        for index in order {
            do throws(Failure) {
                // Not copied: that would count each of its texts up and down again.
                let text = try statement(of: changes.span[index], routine: routines[index], owners: owners, &kinds, &relation)
                try plan.emit(text, for: index)
            } catch {
                guard error.status != .cancelled else { throw error }
                try plan.refuse(index, error)
            }
        }
    }

    private func routines(of changes: [Change], _ call: Call) throws(Failure) -> [Int: Reading] {
        var kinds = KindReader()
        let indexes = changes.indices.filter { kinds.kind(changes[$0].kind)?.level == .routine }
        guard !indexes.isEmpty else { return [:] }
        let readings = try reader.read(indexes.map { Entity(kind: changes[$0].kind, path: changes[$0].path) }, call)
        return Dictionary(uniqueKeysWithValues: zip(indexes, readings))
    }

    private func statement(
        of change: borrowing Change, routine: Reading?, owners: Set<ExactText>, _ kinds: inout KindReader,
        _ relation: inout RelationSpelling
    ) throws(Failure) -> String {
        guard let kind = kinds.kind(change.kind) else {
            throw Failure(.unsupported, "PostgreSQL has no '\(change.kind)' that could carry a \(change.attribute)")
        }
        let path = change.path
        guard path.count == kind.level.depth else {
            throw Failure(.invalid, "a \(kind.rawValue) has \(kind.level.depth) names, found \(path.count)")
        }
        guard path[0].isExactly(database) else {
            throw Failure(.notFound, "\(kind.described(path)) lies in database \(path[0]), this session in \(database)")
        }
        guard !path.contains(where: \.holdsNUL), change.value?.holdsNUL != true else {
            throw Failure(
                .invalid, "\(kind.described(path)): the \(change.attribute) or a name holds the character U+0000, "
                    + "which PostgreSQL cannot store")
        }
        if let value = change.value, let problem = encoding.problem(with: value) {
            throw Failure(.invalid, "\(kind.described(path)): the \(change.attribute) \(problem)")
        }
        var sql = SQL.postgresql
        switch change.attribute {
        case "description":
            if kind.level == .column {
                sql = relation.comment(onColumn: path)
            } else {
                sql.raw("COMMENT ON ")
                sql.raw(kind.keyword)
                try append(kind, path, routine, to: &sql)
            }
            sql.raw(" IS ")
            sql.literal(change.value.flatMap { $0.isEmpty ? nil : $0 })
        case "owner" where kind.hasOwner:
            guard let owner = change.value, !owner.isEmpty else {
                throw Failure(
                    .unsupported, "\(kind.described(path)) must have an owner: there is nothing to clear it to")
            }
            guard owners.contains(ExactText(owner)) else { throw Roles.missing(owner) }
            sql.raw("ALTER ")
            sql.raw(kind.keyword)
            try append(kind, path, routine, to: &sql)
            sql.raw(" OWNER TO ")
            sql.name(owner)
        case "owner":
            throw Failure(.unsupported, ObjectKind.columnOwnerNote)
        default:
            throw Failure(
                .unsupported, "PostgreSQL has no notion of '\(change.attribute)' on a \(kind.rawValue); a template can "
                    + "write it in a way of your own")
        }
        return sql.text
    }

    private func append(
        _ kind: ObjectKind, _ path: [String], _ routine: Reading?, to sql: inout SQL
    ) throws(Failure) {
        switch kind.level {
        case .database: return sql.name(path[0])
        case .schema, .relation, .column: return sql.name(path.dropFirst())
        case .routine: break
        }
        switch routine {
        case .found(let found):
            guard let routine = found.routine else { break }
            guard found.kind == kind else {
                throw Failure(.notFound, "\(kind.described(path)) is a \(found.kind.rawValue) by now")
            }
            sql.name([path[1], routine.name])
            sql.raw("(")
            sql.verbatim(routine.arguments)
            sql.raw(")")
            return
        case .unknown(_, let reason):
            throw Failure(.invalid, "\(kind.described(path)) is \(reason)")
        case .absent, nil: break
        }
        throw Failure(.notFound, "\(kind.described(path)) does not exist")
    }
}

extension ObjectKind {
    static let columnOwnerNote = "a column belongs to its table's owner"
}
