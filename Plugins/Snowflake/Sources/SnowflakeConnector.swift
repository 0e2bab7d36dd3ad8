import RevmetaODBC
package import RevmetaPlugin

/// One session with an account: a few connections, each on a lane of its own.
package final class SnowflakeConnector: Connector {
    package static let dialect = Dialect.snowflake

    private let settings: SnowflakeSettings
    private let lanes: Lanes<SnowflakeSession>
    private let reader: Reader
    private let roles: SourceRoles
    private let tags: SourceTags
    private var known = KnownTags()

    package init(settings: Settings, call: Call) throws(Failure) {
        let settings = try SnowflakeSettings(settings)
        let lanes = Lanes<SnowflakeSession>(limit: settings.parallelism) { () throws(Failure) in
            try SnowflakeSession(settings)
        }
        self.settings = settings
        self.lanes = lanes
        reader = Reader(lanes: lanes, settings: settings)
        do throws(Failure) {
            roles = SourceRoles(lanes, role: try Self.role(lanes, settings, call))
        } catch {
            lanes.close()
            throw error
        }
        tags = SourceTags(lanes, roles: roles)
    }

    /// Connects, and asks for what the session is.
    private static func role(
        _ lanes: Lanes<SnowflakeSession>, _ settings: SnowflakeSettings, _ call: Call
    ) throws(Failure) -> String {
        let queryTag = QueryTag.text(settings, label: call.label)
        var session = Rows(columns: [])
        do throws(Failure) {
            try lanes.work(["SELECT CURRENT_USER(), CURRENT_ROLE(), CURRENT_WAREHOUSE()"], seconds: settings.connectTimeout) {
                () throws(Failure) in try call.checkCancelled()
            } perform: { lane, query throws(Failure) in
                do throws(ODBCError) {
                    return try lane.rows(query, tag: queryTag)
                } catch {
                    throw error.snowflakeFailure(of: query)
                }
            } take: { _, answer throws(Failure) in
                session = try answer.get()
            }
        } catch {
            guard error.message == Lanes<SnowflakeSession>.silence(seconds: settings.connectTimeout) else { throw error }
            throw Failure(
                .transient, "account \(settings.account): \(error.message) (connectTimeout); check that the account's "
                    + "address can be reached from here")
        }
        guard let values = session.values.first, values.count == 3, let role = values[1] else {
            throw Failure(.config, "the user has no role: give the setting 'role'")
        }
        guard values[2] != nil else {
            throw Failure(
                .config, "the session has no warehouse: the setting 'warehouse' names none that role \(role) may use: "
                    + "GRANT USAGE ON WAREHOUSE … TO ROLE \(ExactName(role).shown)")
        }
        return role
    }

    package func abilities(_ call: Call) throws(Failure) -> [Ability] {
        ObjectKind.allCases.flatMap { kind in
            [
                Ability(
                    kind: kind.rawValue, attribute: "description", canClear: true, emptyIsNull: true, text: .noNUL),
                kind.hasOwner
                    ? Ability(kind: kind.rawValue, attribute: "owner", text: .noNUL)
                    : Ability(
                        kind: kind.rawValue, attribute: "owner", support: .unsupported, note: ObjectKind.columnOwnerNote),
                kind.hasTags
                    ? Ability(
                        kind: kind.rawValue, attribute: "tag.", canClear: true, text: .noNUL,
                        maxLength: TagRules.mostCharacters, unit: .characters)
                    : Ability(
                        kind: kind.rawValue, attribute: "tag.", support: .notImplemented, note: ObjectKind.noTagsNote),
            ]
        }
    }

    package func read(
        _ entities: [Entity], attributes: [String], into facts: borrowing FactSink, _ call: Call
    ) throws(Failure) {
        let tagNames = attributes.compactMap(\.tagName)
        let asked = entities.map { Reader.Asked(entity: $0, needsTags: !tagNames.isEmpty) }
        let readings = try reader.read(
            asked, tagNames: settings.tagSource == .accountUsage ? tagNames : nil,
            queryTag: QueryTag.text(settings, label: call.label), call)
        known.add(asked, readings)
        let place = TagPlace(settings)
        for (index, reading) in readings.enumerated() {
            guard let kind = reading.kind else { continue }
            for (number, attribute) in attributes.enumerated() {
                switch reading {
                case .absent: break
                case .unknown(_, let reason):
                    try facts.emitUnknown(entity: index, attribute: number, kind: kind.rawValue, because: reason)
                case .found(let found):
                    if let name = attribute.tagName, kind.hasTags, place.tag(name, on: entities[index].path) == nil {
                        try facts.emitUnknown(
                            entity: index, attribute: number, kind: kind.rawValue, because: TagPlace.unknownPlace)
                        continue
                    }
                    if attribute.tagName != nil, let problem = found.tags?.problem {
                        try facts.emitUnknown(entity: index, attribute: number, kind: kind.rawValue, because: problem)
                        continue
                    }
                    let value: String? =
                        switch attribute {
                        case "description": found.description
                        case "owner": kind.hasOwner ? found.owner : nil
                        default:
                            attribute.tagName.flatMap { place.tag($0, on: entities[index].path) }
                                .flatMap { found.tags?.direct[$0] }
                        }
                    try facts.emit(entity: index, attribute: number, kind: kind.rawValue, value: value)
                }
            }
        }
    }

    package func plan(_ changes: [Change], into plan: borrowing PlanSink, _ call: Call) throws(Failure) {
        try Planner(reader: reader, rules: rules(call), known: known).plan(changes, into: plan)
    }

    package func check(_ changes: [Change], into outcomes: borrowing OutcomeSink, _ call: Call) throws(Failure) {
        let failures = try PrivilegeCheck(reader: reader).failures(of: changes, rules(call))
        for (index, failure) in failures.sorted(by: { $0.key < $1.key }) { try outcomes.fail(index, failure) }
    }

    package func execute(
        _ statements: [Statement], of changes: [Change], into outcomes: borrowing OutcomeSink, _ call: Call
    ) throws(Failure) {
        // What is read first belongs to what is written after, so that the session's tag need not change between.
        let rules = rules(call, channels: changes.compactMap(\.channel))
        try Executor(reader: reader, rules: rules, check: PrivilegeCheck(reader: reader))
            .execute(statements, of: changes, into: outcomes)
    }

    package func close() {
        lanes.close()
    }

    private func rules(_ call: Call, channels: [String] = []) -> TagRules {
        TagRules(
            settings: settings, tags: tags, roles: roles,
            queryTag: QueryTag.text(settings, label: call.label, channels: channels), call: call)
    }
}

extension Reading {
    fileprivate var kind: ObjectKind? {
        switch self {
        case .absent: nil
        case .found(let found): found.kind
        case .unknown(let kind, _): kind
        }
    }
}
