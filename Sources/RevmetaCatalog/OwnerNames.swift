import RevmetaModel

/// The names of users and teams by their ids, for references that carry no name.
struct OwnerNames {
    private var users: [String: String] = [:]
    private var teams: [String: String] = [:]

    init(users: CatalogFile?, teams: CatalogFile?) throws(CatalogError) {
        self.users = try Self.read(users)
        self.teams = try Self.read(teams)
    }

    func name(of owner: OwnerAnswer, _ kind: OwnerReference.Kind) -> String? {
        if let name = owner.name, !name.isEmpty { return name }
        guard let id = owner.id else { return nil }
        return kind == .user ? users[id] : teams[id]
    }

    private static func read(_ file: CatalogFile?) throws(CatalogError) -> [String: String] {
        guard let file else { return [:] }
        let reader = try AnswerReader(file)
        var names: [String: String] = [:]
        while try reader.readNext(PrincipalAnswer.self, { names[$0.id] = $0.name }) {}
        return names
    }
}
