import RevmetaPlugin

/// Finds, for each change, why the session's role may not make it.
struct PrivilegeCheck {
    let reader: Reader

    /// Gives a failure for each change that may not be made.
    func failures(of changes: [Change], _ rules: TagRules) throws(Failure) -> [Int: Failure] {
        let own = changes.map { Reader.Asked(entity: Entity(kind: $0.kind, path: $0.path), needsTags: false) }
        let readings = try reader.read(own, tagNames: nil, queryTag: rules.queryTag, rules.call)
        // A column is its table's owner's: the table is looked up too.
        let columns = changes.indices.filter { ObjectKind(rawValue: changes[$0].kind)?.level == .column }
        let tables = columns.map {
            Reader.Asked(entity: Entity(kind: "table", path: Array(changes[$0].path.prefix(3))), needsTags: false)
        }
        var owners = readings.map(\.owner)
        let parents = try reader.read(tables, tagNames: nil, queryTag: rules.queryTag, rules.call)
        for (index, parent) in zip(columns, parents) { owners[index] = parent.owner }
        let wanted = changes.filter { $0.attribute == "owner" }.compactMap(\.value)
        let inSession = try rules.roles.areInSession(
            owners.compactMap(\.self) + wanted, rules.queryTag, rules.call)

        var failures: [Int: Failure] = [:]
        for (index, change) in changes.enumerated() {
            do throws(Failure) {
                try check(change, readings[index], owner: owners[index], inSession, rules)
            } catch {
                guard ![.cancelled, .transient].contains(error.status) else { throw error }
                failures[index] = error
            }
        }
        return failures
    }

    private func check(
        _ change: Change, _ reading: Reading, owner: String?, _ inSession: [ExactName: Bool], _ rules: TagRules
    ) throws(Failure) {
        guard let kind = ObjectKind(rawValue: change.kind) else {
            throw Failure(.unsupported, "Snowflake has no '\(change.kind)'")
        }
        switch reading {
        case .absent:
            throw Failure(.notFound, "\(change.subject): it does not exist, or role \(rules.roles.role) may not see it")
        case .unknown(_, let reason): throw Failure(.invalid, "\(change.subject): it is \(reason)")
        case .found(let found) where found.kind != kind:
            throw Failure(.notFound, "\(change.subject): it is of kind \"\(found.kind.rawValue)\"")
        case .found: break
        }
        let isOwned = owner.flatMap { inSession[ExactName($0)] } ?? true
        if change.attribute.tagName != nil {
            try checkTag(change, isOwned: isOwned, owner: owner ?? "", rules)
        } else if change.attribute == "owner", let newOwner = change.value, inSession[ExactName(newOwner)] != true {
            guard try rules.have("MANAGE GRANTS", on: "ACCOUNT") else {
                throw OwnershipLoss.failure(owner: newOwner, role: rules.roles.role)
            }
        }
        guard !isOwned, let owner else { return }
        let role = ExactName(rules.roles.role).shown
        if change.attribute == "owner", try rules.have("MANAGE GRANTS", on: "ACCOUNT") { return }
        guard change.attribute.tagName == nil else { return }
        // Databases and schemas are the only ones that let another than their owner write.
        if change.attribute == "description", kind == .database || kind == .schema,
            try rules.have("MODIFY", on: kind == .database ? "DATABASE" : "SCHEMA", ExactName(change.path))
        {
            return
        }
        let what = kind.level == .column ? "table \(ExactName(change.path.prefix(3)).shown)" : kind.described(change.path)
        throw Failure(
            .denied, "role \(role) must inherit role \(ExactName(owner).shown), which owns \(what): "
                + "GRANT ROLE \(ExactName(owner).shown) TO ROLE \(role)")
    }

    private func checkTag(_ change: Change, isOwned: Bool, owner: String, _ rules: TagRules) throws(Failure) {
        let tag = try rules.name(of: change)
        let role = ExactName(rules.roles.role).shown
        guard let known = try rules.tags.tag(tag, rules.queryTag, rules.call) else {
            let schema = ExactName(tag.names.prefix(2))
            guard rules.settings.createsTags else {
                _ = try rules.checkValue(change.value ?? "", of: tag)
                return
            }
            let mayCreate = try rules.have("CREATE TAG", on: "SCHEMA", schema)
            let owns = try rules.have("OWNERSHIP", on: "SCHEMA", schema)
            guard mayCreate || owns else {
                throw Failure(
                    .denied, "role \(role) may not create tag \(tag.shown): GRANT CREATE TAG ON SCHEMA \(schema.shown) TO ROLE "
                        + role)
            }
            // Who creates a tag owns it, and may apply it to what it owns.
            if isOwned { return }
            return try requireApplyOnAccount(change, owner: owner, role: role, rules)
        }
        if try rules.have("APPLY TAG", on: "ACCOUNT") { return }
        let ownsTag = try rules.roles.areInSession([known.owner], rules.queryTag, rules.call)[ExactName(known.owner)] == true
        let mayApply = try rules.have("APPLY", on: "TAG", tag)
        guard ownsTag || mayApply else {
            throw Failure(
                .denied, "role \(role) may not set tag \(tag.shown): GRANT APPLY ON TAG \(tag.shown) TO ROLE \(role), or "
                    + "GRANT APPLY TAG ON ACCOUNT TO ROLE \(role)")
        }
        if !isOwned { try requireApplyOnAccount(change, owner: owner, role: role, rules) }
    }

    private func requireApplyOnAccount(
        _ change: Change, owner: String, role: String, _ rules: TagRules
    ) throws(Failure) {
        guard try !rules.have("APPLY TAG", on: "ACCOUNT") else { return }
        throw Failure(
            .denied, "\(change.subject): role \(role) must inherit role \(ExactName(owner).shown), which owns it, or be "
                + "allowed to set tags on everything: GRANT ROLE \(ExactName(owner).shown) TO ROLE \(role), or "
                + "GRANT APPLY TAG ON ACCOUNT TO ROLE \(role)")
    }
}

extension TagRules {
    fileprivate func have(_ privilege: String, on kind: String, _ name: ExactName? = nil) throws(Failure) -> Bool {
        try roles.have(privilege, on: kind, named: name, queryTag, call)
    }
}

extension Reading {
    fileprivate var owner: String? {
        guard case .found(let found) = self, found.kind.hasOwner else { return nil }
        return found.owner
    }
}
