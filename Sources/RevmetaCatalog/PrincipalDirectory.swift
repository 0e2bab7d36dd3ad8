import RevmetaModel
import Synchronization

/// The users and teams of the catalog's answers: names for references that carry none, addresses, and a team's members.
package final class PrincipalDirectory: Sendable {
    private let users: [String: PrincipalAnswer]
    private let teams: [String: PrincipalAnswer]
    private let usersByName: [String: String]
    private let teamsByName: [String: String]
    /// Of each team that was asked for, by its id; nil: the answers do not tell.
    private let members = Mutex<[String: [OwnerReference]?]>([:])

    convenience init(users: CatalogFile?, teams: CatalogFile?) throws(CatalogError) {
        self.init(users: try Self.read(users), teams: try Self.read(teams))
    }

    /// - Parameters: By their ids.
    package init(users: [String: PrincipalAnswer] = [:], teams: [String: PrincipalAnswer] = [:]) {
        self.users = users
        self.teams = teams
        usersByName = Dictionary(self.users.values.map { ($0.name, $0.id) }) { first, _ in first }
        teamsByName = Dictionary(self.teams.values.map { ($0.name, $0.id) }) { first, _ in first }
    }

    /// Whether there is a user or a team with an id.
    package func knows(id: String) -> Bool { users[id] != nil || teams[id] != nil }

    func name(of owner: OwnerAnswer, _ kind: OwnerReference.Kind) -> String? {
        name(id: owner.id, name: owner.name, kind)
    }

    /// The owner with all that is known of it; nil: not even its name is.
    func reference(to owner: OwnerAnswer, _ kind: OwnerReference.Kind) -> OwnerReference? {
        reference(id: owner.id, name: owner.name, kind)
    }

    private func name(id: String?, name: String?, _ kind: OwnerReference.Kind) -> String? {
        if let name, !name.isEmpty { return name }
        return id.flatMap { (kind == .user ? users[$0] : teams[$0])?.name }
    }

    private func reference(id: String?, name: String?, _ kind: OwnerReference.Kind) -> OwnerReference? {
        guard let name = self.name(id: id, name: name, kind) else { return nil }
        let known = kind == .user ? users : teams
        let id = id.flatMap { known[$0] == nil ? nil : $0 } ?? (kind == .user ? usersByName : teamsByName)[name]
        return OwnerReference(
            kind: kind, name: name, email: id.flatMap { known[$0]?.email },
            members: kind == .team ? id.flatMap(members(ofTeam:)) : nil)
    }

    /// A team's members and those of its teams, each once; nil: the answers do not tell them all.
    private func members(ofTeam id: String) -> [OwnerReference]? {
        if let known = members.withLock({ $0[id] }) { return known }
        var waiting = [id], seen: Set<String> = [id], names: Set<String> = [], found: [OwnerReference]? = []
        while let team = waiting.popLast(), found != nil {
            guard let answer = teams[team], let own = answer.users else {
                found = nil
                break
            }
            for member in own where member.deleted != true {
                guard let user = reference(id: member.id, name: member.name, .user) else {
                    found = nil
                    break
                }
                if names.insert(user.name).inserted { found?.append(user) }
            }
            for child in (answer.children ?? []).reversed() where child.deleted != true {
                let id = child.id ?? child.name.flatMap { teamsByName[$0] } ?? ""
                if seen.insert(id).inserted { waiting.append(id) }
            }
        }
        let all = found
        members.withLock { $0[id] = .some(all) }
        return found
    }

    private static func read(_ file: CatalogFile?) throws(CatalogError) -> [String: PrincipalAnswer] {
        guard let file else { return [:] }
        let reader = try AnswerReader(file)
        var answers: [String: PrincipalAnswer] = [:]
        while try reader.readNext(PrincipalAnswer.self, { answers[$0.id] = $0 }) {}
        return answers
    }
}
