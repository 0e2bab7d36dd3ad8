import RevmetaCatalog
import RevmetaModel
import RevmetaTestSupport
import Testing

@testable import RevmetaOpenMetadata

@Suite struct ReadingTests {
    @Test(arguments: [1, 2, 200])
    func readsWhatTheFolderReads(pageSize: Int) async throws {
        let catalog = try TestCatalog()
        let found = try await catalog.entities(settings: { $0.pageSize = pageSize })
        // The folder has tables whose schema nobody lists, a deleted one, and answers that lack their tags, which a server's do
        // not: no list of the server's tells of these.
        let expected = try await catalog.entitiesOfTheFolder().filter { !$0.isDeleted && $0.path.names.first != "db" }
        #expect(found.map(\.path) == expected.map(\.path))
        #expect(found.map(\.kind) == expected.map(\.kind))
        #expect(found.map(\.description) == expected.map(\.description))
        for (found, expected) in zip(found, expected) {
            if expected.tags != .notAsked { #expect(found.tags == expected.tags) }
            // The server tells more of its users and teams than the folder does.
            #expect(keys(found.owners) == keys(expected.owners))
            #expect(found.serviceType == expected.serviceType)
        }
        #expect(found.contains { $0.kind == .column })
    }

    private func keys(_ owners: CatalogList<OwnerReference>) -> [String]? {
        if case .known(let owners) = owners { owners.map { "\($0.mapKey) \($0.isInherited)" } } else { nil }
    }

    @Test func everyTableComesOnceHoweverManyPages() async throws {
        let catalog = try TestCatalog.shop(databases: 2, schemas: 3, tables: 25)
        // So that they overlap.
        try await catalog.server.fail(["path": "/tables", "fault": "slow", "seconds": 0.1, "times": 3])
        let entities = try await catalog.entities(settings: { ($0.pageSize, $0.pagesInFlight) = (4, 3) })
        let tables = entities.filter { $0.kind == .table }.map(\.path.description)
        #expect(tables.count == 150)
        #expect(Set(tables).count == 150)
        let requests = try await catalog.server.requests()
        #expect(requests.mostInFlight <= 3)
        #expect(requests.mostInFlight > 1)
        #expect(requests.all.filter { $0.path.hasPrefix("/api/v1/tables") }.count == 6 * 7)
        #expect(requests.all.allSatisfy { $0.authorized })
    }

    @Test func aTablesColumnsFollowItInItsBatch() async throws {
        let catalog = try TestCatalog.shop(tables: 7)
        try await catalog.with(settings: { $0.pageSize = 2 }) { server in
            for try await batch in server.batches(CatalogReach(everything)) where batch[0].kind == .table {
                #expect(batch.count % 2 == 0)
                for index in stride(from: 0, to: batch.count, by: 2) {
                    #expect(batch[index].kind == .table)
                    #expect(batch[index + 1].path == batch[index].path.child("id"))
                }
            }
        }
    }

    @Test func onlyWhatChannelsCanSelectIsAskedFor() async throws {
        let catalog = try TestCatalog.shop(databases: 2, schemas: 2, tables: 1)
        let filter = ChannelFilter(
            include: ChannelFilter.Patterns(databases: [try NamePattern("d1")], schemas: [try NamePattern("s*")]),
            exclude: ChannelFilter.Patterns(schemas: [try NamePattern("s0")]), kinds: [.table])
        let found = try await catalog.entities(
            configuration(["shop"], Channel(name: "c", filter: filter, updateDescriptions: true)))
        #expect(found.filter { $0.kind == .table }.map(\.path) == [EntityPath(["d1", "s1", "t0"])])
        let asked = try await catalog.server.requests().all.map(\.path)
        #expect(asked.filter { $0.contains("/tables") || $0.contains("/storedProcedures") }.count == 1)
        #expect(asked.contains { $0.contains("/tables?") && $0.contains("databaseSchema=shop.d1.s1&fields=columns") && !$0.contains("owners") })
        #expect(!asked.contains { $0.contains("database=shop.d0") })
        #expect(asked.allSatisfy { !$0.contains("/databases?") || $0.contains("service=shop") })
    }

    @Test func aServiceThatIsNotDefinedIsNotAskedFor() async throws {
        let catalog = try TestCatalog()
        let found = try await catalog.entities(configuration(["lake"], Channel(name: "c", updateDescriptions: true)))
        #expect(!found.isEmpty)
        #expect(found.allSatisfy { $0.service == "lake" })
        #expect(try await catalog.server.requests().all.allSatisfy { !$0.path.contains("pg.main") })
    }

    @Test func filtersSeeWhatTheyAskFor() async throws {
        let catalog = try TestCatalog([
            "databaseServices.jsonl": #"{"name":"shop","serviceType":"Postgres"}"#,
            "databases.jsonl": #"{"fullyQualifiedName":"shop.d"}"#, "databaseSchemas.jsonl": #"{"fullyQualifiedName":"shop.d.s"}"#,
            "tables.jsonl": #"{"fullyQualifiedName":"shop.d.s.t","columns":[],"extension":{"costCenter":"CC-1"},"#
                + #""tags":[{"tagFQN":"Tier.Tier1"}],"domains":[{"id":"00000000-0000-0000-0000-000000000001","type":"domain","name":"Finance"}]}"# + "\n"
                // Where there are none, the catalog leaves custom properties out.
                + #"{"fullyQualifiedName":"shop.d.s.u","columns":[],"tags":[],"domains":[]}"#,
        ])
        let condition = Condition.field(.indexed(.tier), TextTest(.pattern(try NamePattern("Tier.Tier1")), ignoresCase: false))
        let channel = Channel(name: "c", filter: ChannelFilter(condition: condition), updateDescriptions: true)
        let found = try await catalog.entities(configuration(["shop"], channel))
        let document = try #require(found.first { $0.kind == .table }?.document)
        #expect(document.values(of: .property("costCenter")) == ["CC-1"])
        #expect(document.values(of: .indexed(.domainName)) == ["Finance"])
        #expect(document.values(of: .indexed(.tier)) == ["Tier.Tier1"])
        let without = try #require(found.last { $0.kind == .table }?.document)
        #expect(without.values(of: .property("costCenter")) == [])
    }

    @Test func ownersAreLookedUpOnce() async throws {
        let catalog = try TestCatalog([
            "databaseServices.jsonl": #"{"name":"shop","serviceType":"Postgres"}"#,
            "users.jsonl": #"{"id":"u1","name":"jane.doe","email":"jane@example.com"}"#,
            "teams.jsonl": #"{"id":"t1","name":"finance","users":[{"id":"u1"}]}"#,
            "databases.jsonl": #"{"fullyQualifiedName":"shop.d","owners":[{"id":"u1","type":"user"}]}"#,
            "databaseSchemas.jsonl": #"{"fullyQualifiedName":"shop.d.s","owners":[{"id":"t1","type":"team"}]}"#,
        ])
        let found = try await catalog.entities()
        let jane = OwnerReference(kind: .user, name: "jane.doe", email: "jane@example.com")
        #expect(found.map(\.owners) == [
            .known([jane]), .known([OwnerReference(kind: .team, name: "finance", members: [jane])]),
        ])
        #expect(try await catalog.server.requests().all.filter { $0.path.contains("/users?") }.count == 1)
    }

    /// A server reads what happens for minutes; somebody who came meanwhile is looked for once more, and nobody twice in vain.
    @Test func anOwnerWhoCameLaterIsLookedUp() async throws {
        let catalog = try TestCatalog([
            "databaseServices.jsonl": #"{"name":"shop","serviceType":"Postgres"}"#,
            "users.jsonl": """
                {"id":"u1","name":"jane.doe","email":"jane@example.com"}
                {"id":"u2","name":"john.doe","email":"john@example.com"}
                """,
            "databases.jsonl": #"{"id":"d","fullyQualifiedName":"shop.d","owners":[{"id":"u1","type":"user"}]}"#,
            "databaseSchemas.jsonl": """
                {"id":"s","fullyQualifiedName":"shop.d.s","owners":[{"id":"u2","type":"user"}]}
                {"id":"t","fullyQualifiedName":"shop.d.t","owners":[{"id":"gone","type":"user","name":"gone"}]}
                """,
        ])
        try await catalog.server.fail([
            "path": "/users\\?", "fault": "body", "times": 1,
            "body": #"{"data":[{"id":"u1","name":"jane.doe","email":"jane@example.com"}],"paging":{"total":1}}"#,
        ])
        try await catalog.with { (server) async throws in
            func owners(_ type: String, _ id: String) async throws -> [CatalogList<OwnerReference>] {
                let pending = PendingEntity(entityType: type, entityID: id, service: "shop", events: 1...1)
                var found: [CatalogEntity] = []
                for try await batch in server.batches(of: [pending], CatalogReach(everything)) { found += batch }
                return found.map(\.owners)
            }
            func readings() async throws -> Int {
                try await catalog.server.requests().all.filter { $0.path.contains("/users?") }.count
            }
            let jane = OwnerReference(kind: .user, name: "jane.doe", email: "jane@example.com")
            #expect(try await owners("database", "d") == [.known([jane])])
            #expect(try await readings() == 1)
            let john = OwnerReference(kind: .user, name: "john.doe", email: "john@example.com")
            #expect(try await owners("databaseSchema", "s") == [.known([john])])
            #expect(try await readings() == 2)
            for _ in 1...2 {
                #expect(try await owners("databaseSchema", "t") == [.known([OwnerReference(kind: .user, name: "gone")])])
                #expect(try await readings() == 3)
            }
        }
    }

    @Test func namesOfEveryKindReachTheServer() async throws {
        let catalog = try TestCatalog([
            "databaseServices.jsonl": #"{"name":"my.shop & co","serviceType":"Postgres"}"#,
            "databases.jsonl": #"{"service":{"name":"my.shop & co"},"name":"a b?=#%"}"#,
            "databaseSchemas.jsonl": #"{"service":{"name":"my.shop & co"},"database":{"name":"a b?=#%"},"name":"é.ü"}"#,
            "tables.jsonl":
                #"{"service":{"name":"my.shop & co"},"database":{"name":"a b?=#%"},"databaseSchema":{"name":"é.ü"},"name":"t+t","columns":[]}"#,
        ])
        let found = try await catalog.entities(
            configuration(["my.shop & co"], Channel(name: "c", updateDescriptions: true)))
        #expect(found.map(\.path) == [
            EntityPath(["a b?=#%"]), EntityPath(["a b?=#%", "é.ü"]), EntityPath(["a b?=#%", "é.ü", "t+t"]),
        ])
    }

    @Test func eachIterationAsksAnew() async throws {
        let catalog = try TestCatalog.shop(tables: 1)
        try await catalog.with { server in
            let batches = server.batches(CatalogReach(everything))
            for try await _ in batches {}
            try await catalog.server.patch(
                "tables", "shop.d0.s0.t0", [["op": "replace", "path": "/description", "value": "Changed."]])
            var descriptions: [CatalogText] = []
            for try await batch in batches { descriptions += batch.filter { $0.kind == .table }.map(\.description) }
            #expect(descriptions == [.present("Changed.")])
        }
    }

    @Test func compressedAnswersAreRead() async throws {
        let catalog = try TestCatalog(options: ["--gzip"])
        #expect(try await catalog.entities().contains { $0.kind == .column })
    }

    @Test func theServicesTellTheirConnections() async throws {
        let catalog = try TestCatalog([
            "databaseServices.jsonl": """
                {"name":"shop","serviceType":"Postgres","connection":{"config":{"type":"Postgres","hostPort":"db:5432","port":5,\
                "username":"reader","authType":{"password":"*********"},"sslConfig":{"caCertificate":"secret:/ca"},\
                "supportsProfiler":true,"schemaFilterPattern":{"includes":["a"]},"database":"shop"}}}
                """
        ])
        let services = try await catalog.with { $0.services }
        #expect(services.map(\.name) == ["shop"])
        #expect(services[0].connection == [
            "type": Secret("Postgres"), "hostPort": Secret("db:5432"), "port": Secret("5"), "username": Secret("reader"),
            "supportsProfiler": Secret("true"), "database": Secret("shop"),
        ])
    }
}
