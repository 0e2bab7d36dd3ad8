import Foundation
import RevmetaConfiguration
import RevmetaModel
import Testing

/// The samples of the documentation are read as they are printed.
@Suite struct DocumentationTests {
    static let samples = ["channels", "templates"].flatMap(samples)
    static let catalogSamples = samples(of: "live-catalog")

    static let serveSamples = samples(of: "serve")

    private static func samples(of page: String) -> [String] {
        let file = Fixture.root.appending(path: "../docs/\(page).md")
        let parts = (try? String(contentsOf: file, encoding: .utf8))?.components(separatedBy: "```yaml\n").dropFirst() ?? []
        return parts.map { $0.components(separatedBy: "```")[0] }
    }

    @Test(arguments: samples)
    func aChannel(sample: String) throws {
        let lines = sample.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n")
        let configuration = try ConfigurationFile.parse(
            "catalog: { folder: x }\nservices: { shop: { type: Postgres } }\nchannels:\n  - name: a\n\(lines)\n", file: "f",
            folder: "/", environment: [:])
        #expect(configuration.channels.count == 1)
    }

    /// With its comments taken for keys too: they are there to be uncommented.
    @Test(arguments: catalogSamples)
    func aRunningCatalog(sample: String) throws {
        let catalog = sample.hasPrefix("catalog:") ? "" : "catalog: { hostPort: https://collate.example.com/api }\n"
        let configuration = try ConfigurationFile.parse(
            catalog + sample.replacing("\n  # ", with: "\n  ") + "channels: [{ name: a, updateDescriptions: true }]", file: "f",
            folder: "/etc/revmeta", environment: [
                "OPENMETADATA_TOKEN": "a.b.c", "PROXY_USER": "a:b", "SHOP_PASSWORD": "x",
                "WEBHOOK_SECRET": "s",
            ])
        guard case .server(let settings) = configuration.catalog else {
            Issue.record("expected a server, found \(configuration.catalog)")
            return
        }
        // What the page says that holds without them.
        let usual = CatalogServerSettings(address: "https://collate.example.com/api")
        #expect(settings.address == usual.address)
        #expect(settings.timeout == usual.timeout)
        #expect(settings.pageSize == usual.pageSize)
        #expect(settings.pagesInFlight == usual.pagesInFlight)
    }

    @Test(arguments: serveSamples)
    func aServer(sample: String) throws {
        let channels = sample.contains("\nchannels:") ? "" : "channels: [{ name: a, updateDescriptions: true }]\n"
        let configuration = try ConfigurationFile.parse(
            "catalog: { folder: x }\n" + sample + channels, file: "f", folder: "/",
            environment: ["REVMETA_TOKEN": String(repeating: "x", count: 16), "WEBHOOK_SECRET": "s"])
        #expect(configuration.serve.listen == .usual)
        #expect(configuration.channels.contains { $0.schedule != nil })
    }

    @Test func thereAreSamples() {
        #expect(Self.serveSamples.count == 2)
        #expect(Self.catalogSamples.count == 3)
        #expect(Self.samples.count > 10)
    }
}
