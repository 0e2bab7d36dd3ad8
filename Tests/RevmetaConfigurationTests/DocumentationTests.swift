import Foundation
import RevmetaConfiguration
import RevmetaModel
import Testing

/// The samples of the documentation are read as they are printed.
@Suite struct DocumentationTests {
    static let samples: [String] = {
        ["channels", "templates"].flatMap { page in
            let file = Fixture.root.appending(path: "../docs/\(page).md")
            let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
            return text.components(separatedBy: "```yaml\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
        }
    }()

    @Test(arguments: samples)
    func aChannel(sample: String) throws {
        let lines = sample.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n")
        let configuration = try ConfigurationFile.parse(
            "catalog: { folder: x }\nservices: { shop: { type: Postgres } }\nchannels:\n  - name: a\n\(lines)\n", file: "f",
            folder: "/", environment: [:])
        #expect(configuration.channels.count == 1)
    }

    @Test func thereAreSamples() {
        #expect(Self.samples.count > 10)
    }
}
