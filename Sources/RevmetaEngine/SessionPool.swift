internal import RevmetaModel

/// Opens each session once, and remembers which services cannot be used.
actor SessionPool {
    /// An open session, with what it can do.
    struct Open: Sendable {
        var session: any ConnectorSession
        var abilities: Abilities
    }

    private let provider: any ConnectorProvider
    private let services: [String: ServiceDefinition]
    private var sessions: [PlanScope: Task<Result<Open, Failure>, Never>] = [:]

    init(_ provider: any ConnectorProvider, services: [ServiceDefinition]) {
        self.provider = provider
        self.services = Dictionary(services.map { ($0.name, $0) }) { first, _ in first }
    }

    /// The session for a scope, opened at the first call.
    func session(for scope: PlanScope) async throws(Failure) -> Open {
        if let opening = sessions[scope] { return try await opening.value.get() }
        guard let service = services[scope.service] else {
            throw Failure(.config, "service '\(scope.service)' is not in the configuration")
        }
        let provider = provider
        let opening = Task { () -> Result<Open, Failure> in
            do throws(Failure) {
                let session = try await provider.open(service, database: scope.database)
                do throws(Failure) {
                    return .success(Open(session: session, abilities: Abilities(try await session.abilities())))
                } catch {
                    await session.close()
                    return .failure(error)
                }
            } catch {
                return .failure(error)
            }
        }
        sessions[scope] = opening
        return try await opening.value.get()
    }

    /// Closes a session that broke, so that the next call opens another.
    func drop(_ scope: PlanScope) async {
        if case .success(let open) = await sessions.removeValue(forKey: scope)?.value { await open.session.close() }
    }

    func closeAll() async {
        for opening in sessions.values {
            if case .success(let open) = await opening.value { await open.session.close() }
        }
        sessions = [:]
    }
}

/// What a session can do, by kind and attribute.
struct Abilities: Sendable {
    private var byKind: [SourceKind: [Attribute: Ability]] = [:]

    init(_ abilities: [Ability]) {
        for ability in abilities { byKind[ability.kind, default: [:]][ability.attribute] = ability }
    }

    /// The ability for an attribute of a kind; one that is not named is unsupported.
    func ability(_ attribute: Attribute, of kind: SourceKind) -> Ability {
        let abilities = byKind[kind] ?? [:]
        if let own = abilities[attribute] { return own }
        if attribute.isTag, let any = abilities[.anyTag] { return any }
        return Ability(kind: kind, attribute: attribute, support: .unsupported)
    }

    /// Whether any kind has an attribute, so that it is worth asking for.
    func supportsSomewhere(_ attribute: Attribute) -> Bool {
        byKind.values.contains { abilities in
            let ability = abilities[attribute] ?? (attribute.isTag ? abilities[.anyTag] : nil)
            return ability?.support == .full
        }
    }

    /// Why tags are not supported, in the connector's words.
    var tagNote: String? {
        byKind.values.compactMap { $0[.anyTag]?.note }.first
    }
}

extension Attribute {
    var isTag: Bool { rawValue.hasPrefix(Attribute.anyTag.rawValue) }
}
