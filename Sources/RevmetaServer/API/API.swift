internal import FoundationEssentials
internal import HTTPTypes
internal import HummingbirdCore
internal import Logging
internal import RevmetaAnswers
internal import RevmetaCatalog
internal import RevmetaEngine
internal import RevmetaHost
internal import RevmetaJournal
internal import RevmetaModel
internal import RevmetaOpenMetadata
internal import RevmetaPlanFile

/// What the server can be asked over HTTP.
struct API: Sendable {
    let supervisor: Supervisor
    let metrics: ServerMetrics
    let probe: JournalProbe
    private let plans = PlanLimit()

    /// So many jobs of clients may be going on or waiting: who asks without end is not to fill the memory.
    private static let mostJobs = 100

    init(_ supervisor: Supervisor, _ metrics: ServerMetrics) {
        self.supervisor = supervisor
        self.metrics = metrics
        probe = JournalProbe { [journal = supervisor.journal] in try await journal.probe() }
    }

    var routes: RouteTable {
        let history = ["limit", "before", "channel", "service", "entity", "outcome", "since"]
        return RouteTable(routes: [
            Route(.get, "/healthz", access: .anybody, health),
            Route(.get, "/readyz", access: .anybody, readiness),
            Route(.get, "/metrics") { _ in .text(try await metrics.text(), MetricFamily.contentType) },
            Route(.get, "/api/v1/openapi.json") { _ in .text(OpenAPIDocument.text, "application/json") },
            Route(.get, "/api/v1/channels", channels),
            Route(.get, "/api/v1/services", services),
            Route(.post, "/api/v1/plan", plan),
            Route(.get, "/api/v1/runs", query: history, runs),
            Route(.post, "/api/v1/runs", startRun),
            Route(.get, "/api/v1/runs/{id}", run),
            Route(.get, "/api/v1/jobs", jobs),
            Route(.get, "/api/v1/jobs/{id}", job),
            Route(.get, "/api/v1/jobs/{id}/events", jobEvents),
            Route(.get, "/api/v1/events") { _ in EventStream(supervisor: supervisor, job: nil).response },
            Route(.post, "/api/v1/reload", reload),
        ])
    }
}

// Health.
extension API {
    private struct HealthAnswer: Encodable {
        var status: String
    }

    private struct ReadinessAnswer: Encodable {
        /// `ready`, `notReady`.
        var status: String
        var isStopping: Bool
        /// `writable`, or why it is not.
        var journal: String
    }

    private func health(_ call: Call) throws -> Response { try .json(HealthAnswer(status: "ok")) }

    /// Not about the catalog: what its webhook brings must be received while it cannot be asked.
    private func readiness(_ call: Call) async throws -> Response {
        let problem = await probe.problem(explain: supervisor.setup.explain)
        if let problem { supervisor.logger.error("the journal cannot be written", metadata: ["reason": "\(problem)"]) }
        let isStopping = await supervisor.isStopping, isReady = !isStopping && problem == nil
        // Whoever reaches the server may ask: what exactly is wrong is in the log.
        let answer = ReadinessAnswer(
            status: isReady ? "ready" : "notReady", isStopping: isStopping,
            journal: problem == nil ? "writable" : "notWritable")
        return try .json(answer, isReady ? .ok : .serviceUnavailable)
    }
}

// What the configuration says.
extension API {
    private struct ChannelsAnswer: Encodable {
        var channels: [ChannelAnswer]
    }

    private struct ServicesAnswer: Encodable {
        var services: [ServiceAnswer]
    }

    private struct ReloadAnswer: Encodable {
        var channels: [String]
    }

    private func channels(_ call: Call) async throws -> Response {
        let configuration = await supervisor.configuration, now = Date()
        let channels = configuration.channels.map { ChannelAnswer($0, of: configuration, now: now) }
        return try .json(ChannelsAnswer(channels: channels))
    }

    private func services(_ call: Call) async throws -> Response {
        let generation = await supervisor.generation, jobs = await supervisor.recentJobs
        let configuration = generation.configuration, plugins = generation.host.directory
        return try .json(ServicesAnswer(services: configuration.services.map {
            ServiceAnswer($0, of: configuration, plugins, jobs)
        }))
    }

    private func reload(_ call: Call) async throws -> Response {
        try await refuseBody(call)
        if let problem = await supervisor.reload() {
            throw Problem(
                .unprocessableContent, "the configuration cannot be used, and the one before stays: \(problem)")
        }
        return try .json(ReloadAnswer(channels: await supervisor.configuration.channels.map(\.name)))
    }

    private func refuseBody(_ call: Call) async throws {
        guard try await call.body().isEmpty else { throw Problem.malformed("expected no body, found one") }
    }
}

// Plans and runs.
extension API {
    private struct JobsAnswer: Encodable {
        var jobs: [JobAnswer]
    }

    private struct RunsAnswer: Encodable {
        /// Newest first.
        var runs: [RunAnswer]
        /// What to ask for next with `before`; absent: that was all.
        var next: Int64?
    }

    private func plan(_ call: Call) async throws -> Response {
        let selection = try await ChannelSelection.read(from: call), version = supervisor.setup.version
        return try await plans.within {
            do {
                return try await supervisor.plan(channels: selection.channels) { store, report, configuration in
                    let spool = try await offThePool {
                        try Spool.fill { write in
                            try withoutActuallyEscaping(write) { write in
                                _ = try PlanFileWriter(version: version, services: configuration.services, write: write)
                                    .write(store, failedScopes: report.failedScopes, report: ReportAnswer(report))
                            }
                        }
                    }
                    return Response(status: .ok, headers: [.contentType: "application/json"], body: spool.body)
                }
            } catch {
                throw problem(of: error)
            }
        }
    }

    /// What a plan that cannot be made is told as.
    private func problem(of error: any Error) -> any Error {
        switch error {
        case is ServerRefusal, is Problem: error
        case is StoppedWhilePlanning: Problem.stopping
        case is CatalogError, is CatalogServerError: Problem(.badGateway, supervisor.setup.explain(error))
        case is ListedTwice, is SinkCollision, is ChannelOverlap, is TemplateProblems:
            Problem(.unprocessableContent, supervisor.setup.explain(error))
        default: error
        }
    }

    private func startRun(_ call: Call) async throws -> Response {
        let selection = try await ChannelSelection.read(from: call)
        let going = await supervisor.recentJobs.count { $0.trigger == .api && !$0.isOver }
        guard going < Self.mostJobs else {
            throw Problem(
                .tooManyRequests,
                "expected fewer than \(Self.mostJobs) jobs of this interface that are not over: wait for some",
                headers: [.retryAfter: "10"])
        }
        let job: Job = try await withCheckedThrowingContinuation { continuation in
            // It goes on when the client is gone.
            Task {
                do {
                    _ = try await supervisor.run(channels: selection.channels, trigger: .api) {
                        continuation.resume(returning: $0)
                    }
                } catch {
                    // Refused, before there was a job.
                    continuation.resume(throwing: error)
                }
            }
        }
        var response = try Response.json(JobAnswer(job), .accepted)
        response.headers[.location] = "/api/v1/jobs/\(job.id)"
        return response
    }

    private func jobs(_ call: Call) async throws -> Response {
        try .json(JobsAnswer(jobs: await supervisor.recentJobs.map(JobAnswer.init)))
    }

    private func job(_ call: Call) async throws -> Response { try .json(JobAnswer(await knownJob(call))) }

    private func jobEvents(_ call: Call) async throws -> Response {
        EventStream(supervisor: supervisor, job: try await knownJob(call).id).response
    }

    private func knownJob(_ call: Call) async throws -> Job {
        guard let id = call.parameters["id"].flatMap(Int.init), let job = await supervisor.job(id) else {
            throw Problem(
                .notFound, "there is no such job; jobs are remembered until the server ends, and 1000 of them at most")
        }
        return job
    }

    private func runs(_ call: Call) async throws -> Response {
        let question = try HistoryQuestion(call)
        let runs = try await offThePool { [journal = supervisor.journal] in
            try journal.runs(question.filter, limit: question.limit)
        }
        let next = runs.count == question.limit ? runs.last?.id : nil
        return try .json(RunsAnswer(runs: runs.map(RunAnswer.init), next: next))
    }

    private func run(_ call: Call) async throws -> Response {
        let journal = supervisor.journal
        let body: ResponseBody? = try await offThePool {
            guard let id = call.parameters["id"].flatMap(Int64.init), let run = try journal.run(id) else { return nil }
            return try Spool.fill { write in try RecordedRunJSON(run).write(journal, write) }.body
        }
        guard let body else {
            throw Problem(.notFound, "there is no such run in the journal; /api/v1/runs lists those there are")
        }
        return Response(status: .ok, headers: [.contentType: "application/json"], body: body)
    }
}
