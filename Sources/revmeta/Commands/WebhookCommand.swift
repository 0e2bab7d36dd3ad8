internal import ArgumentParser
internal import Foundation
internal import RevmetaModel
internal import RevmetaOpenMetadata

struct WebhookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook", abstract: "Have the catalog tell `revmeta serve` of changes as they happen.",
        discussion: """
            The catalog has a subscription named revmeta for this, which these commands make, show and remove through its \
            interface. The token of catalog.securityConfig needs a policy that allows Create, EditAll, Delete and ViewAll on \
            eventsubscription.
            """,
        subcommands: [InstallWebhookCommand.self, ShowWebhookCommand.self, RemoveWebhookCommand.self])
}

struct InstallWebhookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install", abstract: "Make the subscription, or make it what the configuration says.",
        discussion: """
            Events are signed with serve.webhook.secret, which the catalog is given and which is not shown. Doing it again \
            changes nothing.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: ArgumentHelp(
        "Where `revmeta serve` listens, as the catalog reaches it: https://revmeta.example.com/webhook.",
        discussion: "Without a path, serve.webhook.path is used.", valueName: "address"))
    var url: String

    func run() async throws {
        try await withCatalogServer(common) { server, configuration in
            guard let webhook = configuration.serve.webhook else {
                throw Complaint.configuration(
                    "there is no serve.webhook.secret in \(common.configurationPath): without one, events could come from "
                        + "anybody")
            }
            let address = try Self.address(url, webhook)
            let known = try await server.subscription()
            let subscription = try await server.subscribe(to: address, secret: webhook.secret)
            Terminal.standardOutput.line(
                "✓ \(known == nil ? "made" : "up to date"): \(configuration.catalog) sends what happens to "
                    + "\(subscription.resources.joined(separator: ", ")) to \(Terminal.oneLine(address))")
            if let path = URLComponents(string: address)?.path, path != webhook.path {
                Terminal.standardOutput.line(
                    "! `revmeta serve` takes events at \(webhook.path) (serve.webhook.path), not at \(Terminal.oneLine(path)): "
                        + "unless something in between leads from one to the other, none will arrive")
            }
        }
    }

    /// The whole address. Throws if it is none that events can be sent to.
    private static func address(_ text: String, _ webhook: WebhookSettings) throws(Complaint) -> String {
        guard let parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme?.lowercased()),
            parts.host?.isEmpty == false, parts.user == nil, parts.fragment == nil
        else {
            throw .configuration(
                "--url: expected an address such as https://revmeta.example.com\(webhook.path), found '\(text)'")
        }
        guard parts.path.isEmpty || parts.path == "/" else { return text }
        var whole = parts
        whole.path = webhook.path
        return whole.string ?? text
    }
}

struct ShowWebhookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show the subscription, and how sending goes.",
        discussion: "Exit status: 0 it is there and works, as far as the catalog tells; 1 it is not, or does not.")

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let works = try await withCatalogServer(common) { server, configuration in
            let out = Terminal.standardOutput
            guard let subscription = try await server.subscription() else {
                out.line(
                    "✗ \(configuration.catalog) has no subscription named \(CatalogServer.subscriptionName): "
                        + "`revmeta webhook install` makes it")
                return false
            }
            out.line("subscription  \(subscription.name)\(subscription.isEnabled ? "" : ", disabled")")
            out.line("sends to      \(Terminal.oneLine(subscription.endpoint ?? "nowhere"))")
            out.line("changes of    \(Terminal.oneLine(subscription.resources.joined(separator: ", ")))")
            let status = subscription.status
            out.line("status        \(Terminal.oneLine(status?.word ?? "not told"))")
            if let time = status?.lastSuccess { out.line("last sent     \(Self.text(time))") }
            if let time = status?.lastFailure {
                out.line("last failed   \(Self.text(time))\(status?.reason.map { ": " + Terminal.oneLine($0) } ?? "")")
            }
            return subscription.isEnabled && subscription.endpoint != nil
                && !["failed", "retryLimitReached", "disabled"].contains(status?.word)
        }
        if !works { throw ExitCode(1) }
    }

    private static func text(_ time: Int64) -> String {
        Date(timeIntervalSince1970: Double(time) / 1000).formatted(.iso8601)
    }
}

struct RemoveWebhookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove the subscription from the catalog.")

    @OptionGroup var common: CommonOptions

    func run() async throws {
        try await withCatalogServer(common) { server, configuration in
            let wasThere = try await server.unsubscribe()
            Terminal.standardOutput.line(
                wasThere
                    ? "✓ removed: \(configuration.catalog) sends no changes any more"
                    : "✓ \(configuration.catalog) had no subscription named \(CatalogServer.subscriptionName)")
        }
    }
}

/// Works with the server that the configuration names, and ends its connections after it.
private func withCatalogServer<Result>(
    _ common: CommonOptions, _ body: (CatalogServer, Configuration) async throws -> Result
) async throws -> Result {
    try await complaining {
        let configuration = try common.configuration()
        guard case .server(let settings) = configuration.catalog else {
            throw Complaint.configuration(
                "the catalog \(configuration.catalog) is a folder: there is no server that could send events")
        }
        do {
            let server = try await CatalogServer.connect(
                settings, retries: RetryPolicy(attempts: configuration.attempts), log: LogOutput.catalogLogger)
            do {
                let result = try await body(server, configuration)
                await server.shutDown()
                return result
            } catch {
                await server.shutDown()
                throw error
            }
        } catch let error as CatalogServerError {
            throw error.mayPass ? Complaint.unusable("\(error)") : Complaint.configuration("\(error)")
        }
    }
}
