import RevmetaPlugin

/// Writes the statements of changes: for a table at most one for its comment, one for its columns' comments, one each for
/// setting and unsetting its tags and its columns' tags, and one for its owner.
struct Planner {
    let reader: Reader
    let rules: TagRules
    /// What the last reading found on what the changes are about.
    let known: KnownTags

    func plan(_ changes: [Change], into plan: borrowing PlanSink) throws(Failure) {
        let routines = try routines(of: changes)
        let owners = try rules.roles.areInSession(
            changes.lazy.filter { $0.attribute == "owner" }.compactMap(\.value), rules.queryTag, rules.call)
        var drafts: [Draft] = [], numbers: [ExactName: Int] = [:]
        var created: Set<ExactName> = []
        for (index, change) in changes.enumerated() {
            do throws(Failure) {
                let object = try object(of: change, routine: routines[index])
                let key = object.key(change.path)
                let number = numbers[key] ?? drafts.count
                if number == drafts.count {
                    numbers[key] = number
                    drafts.append(Draft(object: object))
                }
                // The table's own kind tells more than its columns'.
                if drafts[number].object.kind.level == .column { drafts[number].object = object }
                try add(change, index, owners, to: &drafts[number])
            } catch {
                guard ![.cancelled, .transient].contains(error.status) else { throw error }
                try plan.refuse(index, error)
            }
        }
        for draft in drafts { try draft.emit(into: plan, created: &created) }
        // Who gives something away may no longer write on it, nor on what lies in it.
        for draft in drafts.sorted(by: { $0.object.name.names.count > $1.object.name.names.count }) {
            try draft.emitOwner(into: plan)
        }
    }

    private func add(
        _ change: Change, _ index: Int, _ owners: [ExactName: Bool], to draft: inout Draft
    ) throws(Failure) {
        let kind = draft.object.kind
        let isColumn = (ObjectKind(rawValue: change.kind) ?? kind).level == .column
        switch change.attribute {
        case "description":
            let text = change.value ?? ""
            if isColumn {
                draft.columnComments.append((index, change.path[3], text))
            } else {
                draft.comment = (index, text)
            }
        case "owner" where !isColumn:
            guard let owner = change.value, !owner.isEmpty else {
                throw Failure(.unsupported, "a \(kind.rawValue) must have an owner: there is nothing to clear it to")
            }
            try checkOwner(owner, owners)
            draft.owner = (index, owner)
        case "owner":
            throw Failure(.unsupported, ObjectKind.columnOwnerNote)
        default:
            guard kind.hasTags else { throw Failure(.unsupported, ObjectKind.noTagsNote) }
            let tag = try rules.name(of: change)
            try rules.checkPolicies(change, of: tag, derived: known.derived(change.path, tag))
            if let value = change.value {
                let isNew = try rules.checkValue(value, of: tag)
                try known.checkQuota(change.path, tag, isColumn: isColumn)
                draft.set.append(TagChange(index: index, column: isColumn ? change.path[3] : nil, tag: tag, value: value))
                if isNew { draft.creates.append(tag) }
            } else {
                draft.unset.append(TagChange(index: index, column: isColumn ? change.path[3] : nil, tag: tag))
            }
        }
    }

    private func checkOwner(_ owner: String, _ inSession: [ExactName: Bool]) throws(Failure) {
        guard inSession[ExactName(owner)] != true, !rules.settings.allowsOwnershipLoss else { return }
        throw OwnershipLoss.failure(owner: owner, role: rules.roles.role)
    }

    private func routines(of changes: [Change]) throws(Failure) -> [Int: Reading] {
        let indexes = changes.indices.filter { ObjectKind(rawValue: changes[$0].kind)?.level == .routine }
        guard !indexes.isEmpty else { return [:] }
        let asked = indexes.map {
            Reader.Asked(entity: Entity(kind: changes[$0].kind, path: changes[$0].path), needsTags: false)
        }
        let readings = try reader.read(asked, tagNames: nil, queryTag: rules.queryTag, rules.call)
        return Dictionary(uniqueKeysWithValues: zip(indexes, readings))
    }

    /// What the change is about, or, for a column, its table.
    private func object(of change: Change, routine: Reading?) throws(Failure) -> PlannedObject {
        guard let kind = ObjectKind(rawValue: change.kind) else {
            throw Failure(.unsupported, "Snowflake has no '\(change.kind)' that could carry a \(change.attribute)")
        }
        let path = change.path
        guard path.count == kind.level.depth else {
            throw Failure(.invalid, "a \(kind.rawValue) has \(kind.level.depth) names, found \(path.count)")
        }
        guard !path.contains(where: { $0.utf8.contains(0) }), change.value?.utf8.contains(0) != true else {
            throw Failure(
                .invalid, "\(kind.described(path)): the \(change.attribute) or a name holds the character U+0000, which a "
                    + "statement cannot carry")
        }
        guard kind.level == .routine else { return PlannedObject(kind: kind, name: ExactName(path.prefix(3))) }
        switch routine {
        case .found(let found):
            guard let routine = found.routine, found.kind == kind else {
                throw Failure(.notFound, "\(kind.described(path)) is by now of kind \"\(found.kind.rawValue)\"")
            }
            return PlannedObject(kind: kind, name: ExactName(path[0], path[1], routine.name), types: routine.types)
        case .unknown(_, let reason): throw Failure(.invalid, "\(kind.described(path)) is \(reason)")
        case .absent, nil: throw Failure(.notFound, "\(kind.described(path)) does not exist")
        }
    }
}

/// Why an object is not given away.
enum OwnershipLoss {
    static func failure(owner: String, role: String) -> Failure {
        let (owner, role) = (ExactName(owner).shown, ExactName(role).shown)
        return Failure(
            .denied, "role \(role) would lose its own rights on it, since it does not inherit role \(owner) (or there is "
                + "no such role): GRANT ROLE \(owner) TO ROLE \(role), or set allowOwnershipLoss: true")
    }
}

extension ObjectKind {
    static let columnOwnerNote = "a column belongs to its table's owner"
    static let noTagsNote = "this connector writes the tags of databases, schemas, tables, views and columns"
}
