public import RevmetaEngine
internal import Synchronization

/// Something that happened in a server, for who watches it.
public enum ServerNews: Sendable {
    /// A job was asked for, or one of its parts has another state.
    case job(Job)
    /// A run has come a little further.
    case progress(job: Int, service: String, run: Int64, Progress)
    /// A run has ended.
    case ended(service: String, trigger: Job.Trigger, RunReport, took: Duration)
    /// The configuration was read again; nil: it is in use, else why not.
    case reloaded(problem: String?)
}

/// Hands news to everybody who listens. Who does not listen fast enough misses the oldest.
final class NewsDesk: Sendable {
    private struct State {
        var listeners: [Int: AsyncStream<ServerNews>.Continuation] = [:]
        var observers: [@Sendable (ServerNews) -> Void] = []
        var last = 0
        var isClosed = false
    }

    private static let mostWaiting = 1000
    private let state = Mutex(State())

    func publish(_ news: ServerNews) {
        let (listeners, observers) = state.withLock { (Array($0.listeners.values), $0.observers) }
        for observe in observers { observe(news) }
        for listener in listeners { listener.yield(news) }
    }

    /// Has somebody told everything, at once and by whoever makes the news: who counts must miss nothing.
    func observe(_ observer: @escaping @Sendable (ServerNews) -> Void) {
        state.withLock { $0.observers.append(observer) }
    }

    func listen() -> AsyncStream<ServerNews> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ServerNews.self, bufferingPolicy: .bufferingNewest(Self.mostWaiting))
        let number: Int? = state.withLock { state in
            guard !state.isClosed else { return nil }
            state.last += 1
            state.listeners[state.last] = continuation
            return state.last
        }
        guard let number else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in self?.state.withLock { _ = $0.listeners.removeValue(forKey: number) } }
        return stream
    }

    /// Ends all streams: there will be no more news.
    func close() {
        let listeners = state.withLock { state in
            state.isClosed = true
            defer { state.listeners = [:] }
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.finish() }
    }
}
