internal import RevmetaModel

/// Which principal the catalog's owners of an entity stand for.
struct OwnerSelection: Sendable {
    private let maps: [String: OwnerMap]
    private let ownerMap: OwnerMap
    /// Owners are few and entities many.
    private var known: [Question: Principal] = [:]

    private struct Question: Hashable {
        var service: String
        /// Not the whole reference: a team's members are many.
        var owner: String
        var policies: OwnerPolicies
    }

    private struct Principal {
        /// Nil: there is none.
        var name: String?
        /// Who it stands for: the owner, or a team's member.
        var owner: String
        /// Why there is none.
        var reason: String?
    }

    init(_ configuration: Configuration) {
        ownerMap = configuration.ownerMap
        maps = Dictionary(configuration.services.map { ($0.name, $0.ownerMap.before(configuration.ownerMap)) }) { first, _ in first }
    }

    /// The first owner that has a principal, since an object has one owner; inherited owners belong to the parent.
    ///
    /// - Parameter service: The one that is written to.
    mutating func wanted(
        of entity: CatalogEntity, at service: String, _ policies: OwnerPolicies
    ) -> (value: Wanted, note: String?) {
        guard case .known(let all) = entity.owners else {
            return (.unknown(reason: "the catalog's answer does not tell the owners"), nil)
        }
        let owners = all.filter { !$0.isInherited }
        guard !owners.isEmpty else { return (.absent, nil) }
        var reasons: [String] = []
        for owner in owners {
            let principal = principal(of: owner, at: service, policies)
            if let name = principal.name { return (.present(name), Self.note(principal.owner, among: owners)) }
            if let reason = principal.reason, !reasons.contains(reason) { reasons.append(reason) }
        }
        // As it was looked up, since that is what the map needs.
        let names = owners.map { "'\(policies.attribute == .name ? $0.mapKey : $0.emailKey ?? $0.mapKey)'" }
            .joined(separator: ", ")
        let reason = "no principal is known for the owner \(names): add it to owners.map"
            + (reasons.isEmpty ? "" : " (\(reasons.joined(separator: "; ")))")
        return (policies.onUnmapped == .skip ? .unknown(reason: reason) : .refused(reason: reason + ", onUnmappedOwner is fail"), nil)
    }

    /// Which of several owners was taken; nil: there was nothing to choose.
    private static func note(_ taken: String, among owners: [OwnerReference]) -> String? {
        guard owners.count > 1 || owners[0].mapKey != taken else { return nil }
        let all = owners.map { "'\($0.mapKey)'" }.joined(separator: ", ")
        return "the owner is '\(taken)', the first of \(all) that owners.map knows"
    }

    private mutating func principal(
        of owner: OwnerReference, at service: String, _ policies: OwnerPolicies
    ) -> Principal {
        let question = Question(service: service, owner: owner.mapKey, policies: policies)
        if let known = known[question] { return known }
        let map = maps[service] ?? ownerMap
        let principal = Self.principal(of: owner, map, policies)
        known[question] = principal
        return principal
    }

    private static func principal(of owner: OwnerReference, _ map: OwnerMap, _ policies: OwnerPolicies) -> Principal {
        var principal = Principal(name: nil, owner: owner.mapKey)
        if let key = policies.attribute == .name ? owner.mapKey : owner.emailKey {
            principal.name = map[key]
        } else {
            principal.reason = "the catalog's answers do not tell the e-mail address of '\(owner.mapKey)'"
        }
        guard principal.name == nil, owner.kind == .team, policies.expandsTeams else { return principal }
        guard let members = owner.members else {
            principal.reason = "the catalog's answers do not tell the members of '\(owner.mapKey)'"
            return principal
        }
        for member in members {
            let found = Self.principal(of: member, map, policies)
            if found.name != nil { return found }
        }
        principal.reason = "none of the \(members.count) members of '\(owner.mapKey)' has one"
        return principal
    }
}
