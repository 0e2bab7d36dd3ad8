import Foundation
import RevmetaConfiguration
import RevmetaModel
import Testing

@Suite struct ConfigurationValuesTests {
    private func configuration(_ name: String) throws -> Configuration {
        try #require(try Fixture.all(in: "good").first { $0.name == "\(name).yaml" }).parse()
    }

    private func patterns(_ texts: String...) throws -> [NamePattern] {
        try texts.map { try NamePattern($0) }
    }

    @Test func everyKeyReachesItsValue() throws {
        let filter = ChannelFilter(
            include: ChannelFilter.Patterns(
                services: try patterns("shop"), databases: try patterns("*"),
                schemas: try patterns("public", "sales_*"), tables: try patterns("/^x/")),
            exclude: ChannelFilter.Patterns(
                services: try patterns("old"), databases: try patterns("d"), schemas: try patterns("s"),
                tables: try patterns("/^tmp_/")),
            kinds: [.table, .column], tableTypes: ["Regular", "View"])
        let shop = ServiceDefinition(
            name: "shop", type: "Postgres", plugin: "org.example.x",
            connection: [
                "hostPort": Secret("localhost:5432"), "port": Secret("5432"), "pooled": Secret("true"),
                "username": Secret("metadata_writer"), "authType.password": Secret("hunter2"),
                "database": Secret("shop"),
            ],
            ownerMap: ["jane.doe": "app_owner"])
        let expected = Configuration(
            catalog: .folder("/srv/catalog"), services: [shop, ServiceDefinition(name: "my shop", type: "Mysql")],
            ownerMap: ["jane.doe": "app_owner", "team:finance": "finance_role"],
            journalPath: "/etc/revmeta/state/journal.sqlite",
            channels: [
                Channel(
                    name: "everything", filter: filter, updateDescriptions: true, updateOwners: true,
                    policies: Policies(
                        onConflict: .keep, removals: .ignore, onTooLong: .truncate, onUnrepresentable: .replace))
            ])
        #expect(try configuration("everything") == expected)
    }

    @Test func absentKeysHaveTheirDefaults() throws {
        let expected = Configuration(
            catalog: .folder("/etc/revmeta/catalog"), services: [],
            journalPath: "/etc/revmeta/.revmeta/journal.sqlite",
            channels: [Channel(name: "all", updateOwners: true)])
        #expect(try configuration("smallest") == expected)
        #expect(try configuration("empty-collections") == expected)
    }

    @Test func aServerIsACatalogToo() throws {
        #expect(try configuration("catalog-server").catalog == .server(CatalogServerSettings(
            address: "https://collate.example.com/api", token: Secret("hunter2"), caCertificate: "/etc/revmeta/ca.pem",
            proxy: Secret("http://me:secret@proxy:3128"), timeout: .seconds(120), pageSize: 50, pagesInFlight: 2)))
    }

    @Test func serveAndSchedulesReachTheirValues() throws {
        let configuration = try configuration("serve")
        #expect(configuration.serve == ServeSettings(
            listen: ListenAddress(host: "0.0.0.0", port: 0), token: Secret("0123456789abcdef"),
            webhook: WebhookSettings(secret: Secret("hunter2"), path: "/hooks/catalog"), pollEvents: .seconds(30)))
        let berlin = try #require(TimeZone(identifier: "Europe/Berlin"))
        #expect(configuration.channels.map(\.schedule) == [
            Schedule(times: try CronExpression("@Daily"), timeZone: berlin, catchUp: .once, jitter: .seconds(300)),
            Schedule(times: try CronExpression("*/15 8-18 * JAN-NOV,12 mon-FRI"), catchUp: .skip),
            nil,
        ])
    }

    @Test func nothingIsServedBeyondThisMachineOrRunByItselfUnlessTheFileSaysSo() throws {
        let configuration = try configuration("serve-smallest")
        #expect(configuration.serve == ServeSettings())
        #expect(configuration.serve.listen.isLoopback)
        #expect(configuration.serve.webhook == nil && configuration.serve.pollEvents == nil)
        #expect(configuration.channels.map(\.schedule) == [nil])
    }

    @Test(arguments: [
        ("http://localhost:8585", "http://localhost:8585/api"), ("http://localhost:8585/", "http://localhost:8585/api"),
        ("http://localhost:8585/api/", "http://localhost:8585/api"), ("https://h/om/api/v1", "https://h/om/api"),
        ("http://[::1]:8585/api", "http://[::1]:8585/api"), ("http://h/v1", "http://h/api"),
        ("localhost:8585", nil), ("https://", nil), ("http:///api", nil), ("http://:1", nil), ("http://me@h/api", nil),
        ("http://h/api?x", nil), ("http://h /", nil), ("http://ö/", nil),
    ] as [(String, String?)])
    func anAddressIsBroughtToOneForm(written: String, address: String?) throws {
        let text = "catalog: { hostPort: \"\(written)\" }\nchannels: [{ name: all, updateOwners: true }]"
        let configuration = try? ConfigurationFile.parse(text, file: "f", folder: "/", environment: [:])
        #expect(configuration.map { "\($0.catalog)" } == address)
    }

    @Test func oneScalarIsAListOfOne() throws {
        let filter = try configuration("scalars-for-lists").channels[0].filter
        #expect(filter.include.schemas.map(\.text) == ["public"])
        #expect(filter.include.tables.map(\.text) == ["/^a/i"])
        #expect(filter.exclude.tables.map(\.text) == ["tmp_*"])
        #expect(filter.kinds == [.table])
        #expect(filter.tableTypes == ["view"])
    }

    @Test func aliasesAndMergesBringTheirValues() throws {
        let channels = try configuration("aliases-and-merges").channels
        #expect(channels.map(\.name) == ["first", "second"])
        #expect(channels[1].updateOwners)
        #expect(channels[1].policies.onConflict == .keep)
        #expect(channels[1].filter.include.schemas.map(\.text) == ["public", "sales"])
        #expect(channels[1].filter.include.tables.map(\.text) == ["orders"])
    }

    @Test func referencesStandForWordsAndSwitchesToo() throws {
        let configuration = try configuration("references")
        #expect(configuration.catalog == .folder("/srv/catalog"))
        #expect(configuration.channels[0].updateOwners)
        #expect(configuration.channels[0].policies.onConflict == .keep)
    }

    @Test func whatYAML11TookForOtherTypesIsText() throws {
        let configuration = try configuration("texts-that-look-otherwise")
        #expect(configuration.catalog == .folder("/etc/revmeta/2024"))
        #expect(configuration.services[0].type == "5")
        #expect(
            configuration.services[0].connection.mapValues(\.exposed)
                == ["password": "", "empty": "", "since": "2024-01-01", "flag": "yes", "ratio": ".5"])
        #expect(configuration.channels.map(\.name) == ["yes", "null"])
    }

    @Test func blockScalarsKeepTheirLines() throws {
        let connection = try configuration("folded-and-literal").services[0].connection
        #expect(connection["certificate"]?.exposed == "line one\nline two\n")
        #expect(connection["note"]?.exposed == "folded text")
    }

    @Test(arguments: [
        ("5", true), ("-5.25", true), ("+.5", true), ("1.", true), ("1e-9", true), ("0o17", true), ("0xFf", true),
        ("-.inf", true), (".NaN", true), ("0o18", false), ("0x", false), ("1e", false), (".", false), ("+", false),
        ("1_000", false), ("2024-01-01", false), ("12:30", false), ("nan", false), ("0x1p3", false), ("1.2.3", false),
    ])
    func numbersAreThoseOfYAML12(scalar: String, isNumber: Bool) throws {
        let text = "catalog: { folder: \(scalar) }\nchannels: [{ name: all, updateOwners: true }]"
        do {
            let configuration = try ConfigurationFile.parse(text, file: "f", folder: "/", environment: [:])
            #expect(!isNumber)
            #expect("\(configuration.catalog)".hasSuffix(scalar) || scalar == ".")
        } catch {
            #expect(isNumber)
            #expect(error.description.contains("found the number \(scalar): put it in quotes"))
        }
    }
}
