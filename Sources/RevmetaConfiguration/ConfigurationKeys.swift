import RevmetaModel

extension Isolation: JSONRepresentable {}

/// The keys of `revmeta.yaml`: their only declaration, from which both the checks and the JSON Schema come.
enum ConfigurationKeys {
    static let configuration: Reader<Configuration> = .mapping(
        Key(required: "catalog", catalog, "Where the truth is: a running server, or a folder of its saved answers."),
        Key(
            optional: "services", .names(to: service), otherwise: [],
            "The source systems to write to, each under its name in the catalog."),
        Key(optional: "owners", ownerMap, otherwise: OwnerMap(), "How the catalog's owners are called at the sources."),
        Key(
            optional: "journal", journal, otherwise: nil,
            "The record of what was written: when, over what, with what result."),
        Key(
            required: "channels", .list(ofAtLeastOne: channel, called: "channel"),
            "What is written back. Their order decides between channels that select the same fact."),
        Key(
            "isolation", .choice(), default: Isolation.worker,
            "Where plugins run: each service's in a process of its own (worker), which may crash or hang without harm to "
                + "anything else, or in revmeta's own (inProcess), for debuggers."),
        Key(
            optional: "callTimeout", .duration, otherwise: .seconds(600),
            "How long one call to a plugin may take (30s, 10m, 2h) before it is stopped; 10m without it. A call reads or "
                + "writes some thousands of facts."),
        Key(
            optional: "runTimeout", Reader<Duration>.duration.map(Optional.some), otherwise: nil,
            "After how long a run stops (1h): it finishes what is being sent, and the next run writes the rest. Without it: "
                + "it takes as long as it needs."),
        Key(
            optional: "attempts", .integer(1...20), otherwise: 3,
            "How often something is tried that fails for the time being (a lock, a deadlock, a lost connection), with "
                + "longer and longer waits between; 3 without it."),
        Key(
            optional: "maxRemovals", Reader<Int>.integer(0...1_000_000_000).map(Optional.some), otherwise: nil,
            "How many facts a run may clear at once, lest a catalog that answers with half of its descriptions missing wipes "
                + "them at the sources. A plan that clears more is not run. Without it: 100, or a tenth of all facts that "
                + "revmeta wrote to these services, whichever is more."),
        schedule,
        Key(
            optional: "serve", serve, otherwise: ServeSettings(),
            "What 'revmeta serve' listens on, and what it hears of the catalog's changes by.")
    ) { _, reading, fields in
        let (_, services, _, _, channels, _, _, _, _, _, _, _) = fields.read
        if let channels {
            reportRepeatedNames(channels, reading)
            if let services {
                reportUnknownServices(channels, among: services.map(\.name), reading)
                reportUnknownSinks(channels, among: services.map(\.name), reading)
            }
        }
        guard
            let (
                catalog, services, ownerMap, journal, channels, isolation, callTimeout, runTimeout, attempts, maxRemovals,
                schedule, serve
            ) = fields.complete
        else { return nil }
        return Configuration(
            catalog: catalog, services: services.compactMap(\.value), ownerMap: ownerMap,
            journalPath: journal?.path ?? reading.references.absolute(defaultJournalPath),
            channels: channels.compactMap { $0.channel(in: schedule) }, isolation: isolation, callTimeout: callTimeout,
            runTimeout: runTimeout, attempts: attempts, maxRemovals: maxRemovals, journalKeep: journal?.keep,
            serve: serve)
    }

    static let defaultJournalPath = ".revmeta/journal.sqlite"

    struct JournalSettings: Sendable {
        var path: String
        var keep: Duration?
    }

    static let journal: Reader<JournalSettings?> = .mapping(
        Key(
            "path", .text, default: defaultJournalPath,
            "The journal's file. A relative path begins at this file's folder."),
        Key(
            optional: "keep", Reader<Duration>.duration.map(Optional.some), otherwise: nil,
            "How long runs are remembered (90d): older ones are removed when a run ends, and by 'revmeta history prune'. "
                + "What was written last of each fact is remembered without end. Without it: for ever.")
    ) { _, reading, fields in
        guard let (path, keep) = fields.complete else { return nil }
        return .some(JournalSettings(path: reading.references.absolute(path), keep: keep))
    }

    private static let ownerMap: Reader<OwnerMap> = .mapping(
        Key(
            optional: "map", .principals, otherwise: OwnerMap(),
            "Catalog owners (jane.doe, team:finance) to principals of the source: roles, users. An owner may be a glob or "
                + "/regular expression/, and its principal may hold what that matched: 'team:*': '$1_role'. Exact names go first.")
    ) { _, _, fields in
        fields.read
    }

    private static let service: Reader<ServiceDefinition> = .mapping(
        Key(
            required: "type", .text,
            "OpenMetadata's service type (Postgres, Mysql, Snowflake), which picks the plugin. Compared without case."),
        Key(
            optional: "plugin", Reader<String>.text.map(Optional.some), otherwise: nil,
            "The id of the plugin to use, where the type alone does not decide."),
        Key(
            optional: "connection", .settings, otherwise: [:],
            "How to reach the source: the settings that the plugin documents (hostPort, username, authType, database). "
                + "Take passwords from ${NAME} or ${file:PATH}."),
        Key(
            optional: "owners", ownerMap, otherwise: OwnerMap(),
            "Owners of this service's entities: entries here go before those of the file's own owners.map.")
    ) { element, reading, fields in
        guard let (type, plugin, connection, ownerMap) = fields.complete, let name = element.place.name else {
            return nil
        }
        let service = ServiceDefinition(
            name: name, type: type, plugin: plugin, connection: connection, ownerMap: ownerMap)
        for problem in reading.settingProblems(service) {
            reading.report(element.place(ofSetting: problem.key), problem.message)
        }
        return service
    }
}
