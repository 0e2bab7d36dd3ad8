import Foundation
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import RevmetaHost
import RevmetaJournal
import RevmetaModel
import RevmetaTestWaiting
import Testing

@testable import RevmetaServer

/// The interface over a supervisor whose services have no plugin: what needs a source is tried with the built program.
@Suite(.timeLimit(.minutes(60))) final class APITests: Sendable {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "revmeta-api-\(UUID().uuidString)").path
    private let supervisor: Supervisor
    private let responder: Responder

    init() throws {
        var channel = Channel(name: "all", updateDescriptions: true)
        channel.schedule = Schedule(times: try CronExpression("@daily"))
        let configuration = Configuration(
            catalog: .folder(folder), services: [ServiceDefinition(name: "shop", type: "Nothing")],
            journalPath: folder + "/journal.sqlite", channels: [channel])
        let setup = ServerSetup(
            version: "1.2.3", person: "tester", configuration: { configuration },
            host: { _ in
                PluginHost(PluginDirectory(PluginSearchPath(options: [], environment: [:])), isolation: .inProcess)
            },
            explain: { "\($0)" }, tell: { _ in }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        supervisor = try Supervisor(setup, configuration, Journal(forRunsAt: folder + "/journal.sqlite"))
        let requests = RequestMetrics(), runs = RunMetrics()
        supervisor.news.observe(runs.take)
        let api = API(supervisor, ServerMetrics(supervisor: supervisor, requests: requests, runs: runs))
        responder = Responder(
            routes: api.routes, settings: { ServeSettings() }, metrics: requests, explain: { "\($0)" },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func ask(_ method: HTTPRequest.Method, _ path: String) async throws -> (Response, text: String) {
        let head = HTTPRequest(method: method, scheme: nil, authority: "localhost", path: path)
        let response = try await responder.respond(to: head, RequestBody(buffer: ByteBuffer()))
        return (response, try await text(of: response.body))
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func theDocumentNamesWhatThereIsAndNothingElse() throws {
        let document = try object(OpenAPIDocument.text)
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        let documented = Set(paths.flatMap { path, methods in methods.keys.map { "\($0.uppercased()) \(path)" } })
        #expect(documented == Set(responder.routes.routes.map { "\($0.method) \($0.path)" }))
        for route in responder.routes.routes {
            let operation = try #require(paths[route.path]?[route.method.rawValue.lowercased()] as? [String: Any])
            let query = (operation["parameters"] as? [[String: Any]] ?? []).filter { $0["in"] as? String == "query" }
            #expect(query.compactMap { $0["name"] as? String } == route.query, "\(route.path)")
            #expect((operation["security"] != nil) == (route.access == .anybody), "\(route.path)")
        }
    }

    @Test func theConfigurationIsShown() async throws {
        let channels = try object(await ask(.get, "/api/v1/channels").text)["channels"] as? [[String: Any]]
        #expect(channels?.first?["services"] as? [String] == ["shop"])
        #expect(((channels?.first?["schedule"] as? [String: Any])?["next"] as? String)?.hasSuffix("T00:00:00Z") == true)
        let services = try object(await ask(.get, "/api/v1/services").text)["services"] as? [[String: Any]]
        #expect(services?.first?["name"] as? String == "shop" && services?.first?["plugin"] == nil)
        #expect(try await ask(.post, "/api/v1/reload").text == #"{"channels":["all"]}"# + "\n")
    }

    /// There is no catalog: the job is there all the same, and says why nothing was run.
    @Test func aJobThatFailsIsTold() async throws {
        let (response, text) = try await ask(.post, "/api/v1/runs")
        #expect(response.status == .accepted && response.headers[.location] == "/api/v1/jobs/1")
        #expect(try object(text)["trigger"] as? String == "api")
        let events = try await ask(.get, "/api/v1/jobs/1/events").text
        #expect(events.hasPrefix("event: job\ndata: {") && events.contains("event: end\ndata: {"))
        let job = try object(await ask(.get, "/api/v1/jobs/1").text)
        #expect(job["isOver"] as? Bool == true && job["exitStatus"] as? Int == 3)
        #expect((job["failure"] as? String)?.isEmpty == false)
        #expect(try await ask(.post, "/api/v1/plan").0.status == .badGateway)
        #expect(try await ask(.get, "/metrics").text.contains(#"revmeta_failed_jobs_total{trigger="api"} 1"#))
    }

    @Test func readinessIsAboutTheJournalAndTheEnd() async throws {
        // Where the journal takes its time, it is not ready yet.
        try await eventually("it is ready") { try await ask(.get, "/readyz").0.status == .ok }
        await supervisor.stopRuns()
        try await eventually("only its end is in the way") {
            let (response, text) = try await ask(.get, "/readyz")
            #expect(response.status == .serviceUnavailable)
            return text == #"{"isStopping":true,"journal":"writable","status":"notReady"}"# + "\n"
        }
        #expect(try await ask(.get, "/healthz").0.status == .ok)
        let (refused, _) = try await ask(.post, "/api/v1/runs")
        #expect(refused.status == .serviceUnavailable && refused.headers[.retryAfter] == "5")
    }

    @Test func aJournalThatCannotBeWrittenIsKnown() async {
        struct Full: Error {}
        let full = JournalProbe(patience: .seconds(3600)) { throw Full() }
        #expect(await full.problem { _ in "the disk is full" } == "the disk is full")
        let stuck = JournalProbe(patience: .milliseconds(1)) { try await Task.sleep(for: .seconds(3600)) }
        #expect(await stuck.problem { "\($0)" }?.contains("could not be written") == true)
    }

    /// Who does not read misses the oldest news, and holds up nobody.
    @Test func aSlowReaderOfEventsHoldsUpNobody() async throws {
        let listening = supervisor.listen()
        for _ in 1...5000 { supervisor.news.publish(.reloaded(problem: nil)) }
        await supervisor.shutDown()
        var count = 0
        for await _ in listening { count += 1 }
        #expect((1..<5000).contains(count))
    }

    /// A webhook there would never be heard.
    @Test func pathsOfTheInterfaceAreNoWebhooks() {
        for route in responder.routes.routes { #expect(WebhookSettings.isTaken(route.path), "\(route.path)") }
        #expect(!WebhookSettings.isTaken(WebhookSettings.usualPath))
    }

    @Test func historyIsAskedForInItsOwnWords() throws {
        func question(_ query: String) throws -> HistoryQuestion {
            let head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/?" + query)
            return try HistoryQuestion(try Call(head, RequestBody(buffer: ByteBuffer())))
        }
        let asked = try question(
            "limit=7&before=12&channel=a&channel=b+c&service=s&outcome=failed&since=2026-11-22&entity=shop.*")
        #expect(asked.limit == 7 && asked.filter.before == 12 && asked.filter.channels == ["a", "b c"])
        #expect(asked.filter.services == ["s"] && asked.filter.outcomes == ["failed"] && asked.filter.since == "2026-11-22")
        #expect(asked.filter.entity?.text == "shop.*")
        let wrongOnes = [
            "limit=0", "limit=1001", "limit=+1", "limit=1&limit=2", "before=0", "before=x", "outcome=lost", "since=today",
            "entity=",
        ]
        for wrong in wrongOnes {
            #expect(throws: Problem.self, "\(wrong)") { try question(wrong) }
        }
    }
}

@Suite(.timeLimit(.minutes(60))) struct PlanLimitTests {
    /// The fifth is refused while four go on, and served once they are over.
    @Test func fourPlansGoOnAtATime() async throws {
        let limit = PlanLimit(), (begun, beginning) = AsyncStream.makeStream(of: Void.self)
        await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 1...4 {
                group.addTask {
                    try await limit.within {
                        beginning.yield()
                        try await Task.sleep(for: .seconds(3600))
                    }
                }
            }
            var waiting = begun.makeAsyncIterator()
            for _ in 1...4 { await waiting.next() }
            let problem = await #expect(throws: Problem.self) { try await limit.within {} }
            #expect(problem?.status == .tooManyRequests && problem?.headers[.retryAfter] == "10")
            group.cancelAll()
            while await group.nextResult() != nil {}
        }
        #expect(try await limit.within { 7 } == 7)
    }
}
