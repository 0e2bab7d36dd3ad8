internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore
internal import RevmetaAnswers
internal import RevmetaEngine
internal import RevmetaJSON

/// What happens in a server, as server-sent events. Who reads slowly misses the oldest and holds up nobody.
struct EventStream: Sendable {
    /// What there is to send: news, or a sign that there is none.
    private enum Item: Sendable {
        case news(ServerNews)
        case silence
    }

    let supervisor: Supervisor
    /// Only about this job, until it is over; nil: about everything, until the server ends.
    let job: Int?
    /// After how long without news a comment is sent, so that both ends know of each other.
    var heartbeat = Duration.seconds(15)

    private static let mostWaiting = 1000

    var response: Response {
        Response(status: .ok, headers: [.contentType: "text/event-stream"], body: ResponseBody { writer in
            try await write(to: &writer)
            try await writer.finish(nil)
        })
    }

    private func write(to writer: inout any ResponseBodyWriter) async throws {
        let (items, source) = AsyncStream.makeStream(
            of: Item.self, bufferingPolicy: .bufferingNewest(Self.mostWaiting))
        // Before the job is looked at: what happens in between is told twice rather than not at all.
        let news = supervisor.listen()
        let pump = Task {
            for await one in news { source.yield(.news(one)) }
            source.finish()
        }
        let clock = Task {
            while (try? await Task.sleep(for: heartbeat)) != nil { source.yield(.silence) }
        }
        defer {
            pump.cancel()
            clock.cancel()
        }
        guard let job else {
            // So that a client knows that it is heard, and not in a while.
            try await writer.write(ByteBuffer(string: ": the server's news\n\n"))
            for await item in items { try await write(item, to: &writer) }
            return try await writer.write(Self.event("end", EndAnswer()))
        }
        if let now = await supervisor.job(job) { try await writer.write(Self.event("job", JobAnswer(now))) }
        var iterator = items.makeAsyncIterator()
        while let state = await supervisor.job(job), !state.isOver, let item = await iterator.next() {
            try await write(item, to: &writer)
        }
        // What was missed does not matter then.
        if let last = await supervisor.job(job) { try await writer.write(Self.event("end", JobAnswer(last))) }
    }

    private func write(_ item: Item, to writer: inout any ResponseBodyWriter) async throws {
        switch item {
        case .silence: try await writer.write(ByteBuffer(string: ":\n\n"))
        case .news(let news):
            guard let event = try event(of: news) else { return }
            try await writer.write(event)
        }
    }

    private struct ProgressAnswer: Encodable {
        var job: Int
        var service: String
        var run: Int64
        /// Facts compared, in one more piece.
        var compared: Int?
        /// Changes that are certain now.
        var written: Int?
    }

    private struct EndedAnswer: Encodable {
        var service: String
        var trigger: String
        /// In seconds.
        var duration: Double
        var report: ReportAnswer
    }

    private struct ReloadAnswer: Encodable {
        /// Why the configuration is not in use; absent: it is.
        var problem: String?
    }

    private struct EndAnswer: Encodable {}

    /// Nil: it is about something else.
    private func event(of news: ServerNews) throws -> ByteBuffer? {
        switch news {
        case .job(let about):
            guard job ?? about.id == about.id else { return nil }
            return try Self.event("job", JobAnswer(about))
        case .progress(let about, let service, let run, let progress):
            guard job ?? about == about else { return nil }
            var answer = ProgressAnswer(job: about, service: service, run: run)
            switch progress {
            case .compared(let facts): answer.compared = facts
            case .written(let changes): answer.written = changes
            }
            return try Self.event("progress", answer)
        case .ended(let service, let trigger, let report, let took):
            // Those who watch a job are told with the job.
            guard job == nil else { return nil }
            let answer = EndedAnswer(
                service: service, trigger: trigger.rawValue, duration: took / .seconds(1), report: ReportAnswer(report))
            return try Self.event("run", answer)
        case .reloaded(let problem):
            guard job == nil else { return nil }
            return try Self.event("reload", ReloadAnswer(problem: problem))
        }
    }

    private static func event(_ name: String, _ answer: some Encodable) throws -> ByteBuffer {
        // The encoder writes no line breaks.
        ByteBuffer(string: "event: \(name)\ndata: \(try LineEncoder().text(answer))\n\n")
    }
}
