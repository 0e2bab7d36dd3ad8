import Foundation
import RevmetaTestSupport
import Testing

/// `revmeta webhook`: the subscription by which the catalog tells of changes.
@Suite struct WebhookCommandTests {
    private let folder: TemporaryFolder
    private let server: CatalogStandIn
    private let secret = "m4rked-s3cret-of-the-webhook"

    init() throws {
        folder = try TemporaryFolder()
        try folder.write(#"{"name":"shop","serviceType":"Postgres"}"#, to: "catalog/databaseServices.jsonl")
        server = try CatalogStandIn(folder: folder.path + "/catalog")
        try configure("serve: { webhook: { secret: \"${WEBHOOK_SECRET}\", path: /hooks/catalog } }")
    }

    private func configure(_ serve: String) throws {
        try folder.write(
            """
            catalog: { hostPort: "\(server.address)", securityConfig: { jwtToken: m4rked.t0ken } }
            services: { shop: { type: Postgres } }
            channels: [{ name: all, updateDescriptions: true }]
            \(serve)

            """, to: "revmeta.yaml")
    }

    private func webhook(_ arguments: String...) async throws -> Child.Answer {
        let answer = try await Program.run(["webhook"] + arguments, in: folder.path, environment: ["WEBHOOK_SECRET": secret])
        #expect(!(answer.output + answer.errors).contains("m4rked"))
        return answer
    }

    @Test func itIsInstalledShownAndRemoved() async throws {
        let none = try await webhook("show")
        #expect(none.status == 1)
        #expect(none.output.contains("has no subscription named revmeta: `revmeta webhook install` makes it"))

        let made = try await webhook("install", "--url", "https://revmeta.example.com")
        #expect(made.status == 0, "\(made)")
        #expect(made.output == "✓ made: \(server.address) sends what happens to database, databaseSchema, table, storedProcedure to "
            + "https://revmeta.example.com/hooks/catalog\n")
        let again = try await webhook("install", "--url", "https://revmeta.example.com/hooks/catalog")
        #expect(again.status == 0)
        #expect(again.output.hasPrefix("✓ up to date: ") && !again.output.contains("!"))
        #expect(try await server.subscriptions().keys.map(\.self) == ["revmeta"])

        let shown = try await webhook("show")
        #expect(shown.status == 0, "\(shown)")
        #expect(shown.output.split(separator: "\n") == [
            "subscription  revmeta", "sends to      https://revmeta.example.com/hooks/catalog",
            "changes of    database, databaseSchema, table, storedProcedure", "status        active",
        ])

        #expect(try await webhook("remove").output.hasPrefix("✓ removed: "))
        let gone = try await webhook("remove")
        #expect(gone.status == 0)
        #expect(gone.output.contains("had no subscription named revmeta"))
    }

    @Test func anotherPathThanServeListensAtIsTold() async throws {
        let answer = try await webhook("install", "--url", "https://gateway.example.com/revmeta/hooks?key=1")
        #expect(answer.status == 0)
        #expect(answer.output.hasPrefix("✓ made: "))
        #expect(answer.output.contains(
            "\n! `revmeta serve` takes events at /hooks/catalog (serve.webhook.path), not at /revmeta/hooks: "))
    }

    @Test func whatGoesWrongWithSendingIsShown() async throws {
        // Nobody listens there.
        #expect(try await webhook("install", "--url", "http://127.0.0.1:9/hook").status == 0)
        try await server.tell(["id": "a", "entityType": "table"])
        var shown = try await webhook("show")
        while !shown.output.contains("last failed") { shown = try await webhook("show") }
        #expect(shown.output.contains("Connection refused"))
        while !shown.output.contains("retryLimitReached") { shown = try await webhook("show") }
        #expect(shown.status == 1)
    }

    @Test(arguments: ["", "revmeta.example.com", "ftp://revmeta.example.com/webhook", "https://", "https://me:pw@host/webhook", "/webhook"])
    func anAddressIsWhole(url: String) async throws {
        let answer = try await webhook("install", "--url", url)
        #expect(answer.status == 2)
        #expect(answer.errors.contains("--url: expected an address such as https://revmeta.example.com/hooks/catalog, found '\(url)'"))
        #expect(try await server.subscriptions().isEmpty)
    }

    @Test func withoutASecretNothingIsInstalled() async throws {
        try configure("")
        let answer = try await webhook("install", "--url", "https://revmeta.example.com/webhook")
        #expect(answer.status == 2)
        #expect(answer.errors.contains("there is no serve.webhook.secret in \(folder.path)/revmeta.yaml"))
        #expect(try await webhook("show").status == 1)
    }

    @Test func aMissingPermissionIsNamed() async throws {
        try await server.fail([
            "path": "/events/subscriptions", "method": "PUT", "fault": "status", "status": 403, "message": "not allowed",
        ])
        let answer = try await webhook("install", "--url", "https://revmeta.example.com/webhook")
        #expect(answer.status == 2)
        #expect(answer.errors.contains("give its bot a role with a policy that allows Create, EditAll and Delete on eventsubscription"))
        #expect(!answer.errors.contains("Nothing was written"))
    }

    @Test func aFolderSendsNothing() async throws {
        try folder.write(
            "catalog: { folder: catalog }\nservices: { shop: { type: Postgres } }\nchannels: [{ name: all, updateTags: true }]\n",
            to: "revmeta.yaml")
        let answer = try await webhook("show")
        #expect(answer.status == 2)
        #expect(answer.errors.contains("is a folder: there is no server that could send events"))
    }
}
