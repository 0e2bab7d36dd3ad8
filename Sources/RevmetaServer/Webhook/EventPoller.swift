public import FoundationEssentials
public import Logging
public import RevmetaJournal
public import RevmetaModel
public import RevmetaOpenMetadata
public import ServiceLifecycle

/// Asks the catalog again and again what has happened, and keeps it where a webhook's events are kept too.
///
/// It goes on where it was, over restarts and outages. Each time it asks for what it has been told already a minute before that:
/// an event may have been on its way then. What comes twice is known by its id.
public struct EventPoller: Service {
    /// Why everything is to be read, and not only what has happened.
    public enum FullRunReason: Sendable, Equatable {
        /// The catalog was never asked before.
        case neverAsked
        /// It was asked so long ago that it may have forgotten what has happened since.
        case askedTooLongAgo(since: Date)
        /// More has happened than it can tell at once.
        case tooMuch(since: Date)
    }

    /// What the catalog says, whoever asks it.
    public struct Catalog: Sendable {
        /// Its address.
        public var address: String
        /// The time by its clock, in milliseconds since 1970.
        public var time: @Sendable () async throws -> Int64
        /// What has happened since a time.
        public var events: @Sendable (_ since: Int64) async throws -> [CatalogEvent]

        public init(
            address: String, time: @escaping @Sendable () async throws -> Int64,
            events: @escaping @Sendable (_ since: Int64) async throws -> [CatalogEvent]
        ) {
            self.address = address
            self.time = time
            self.events = events
        }
    }

    private let catalog: Catalog
    private let journal: Journal
    private let interval: Duration
    private let log: Logger
    private let sleep: @Sendable (Duration) async throws -> Void
    private let heard: @Sendable (Int) async -> Void
    private let fullRunIsDue: @Sendable (FullRunReason) async throws -> Void

    /// While the catalog cannot be reached, it is asked more and more seldom, up to this or the interval: an edit after an outage
    /// should not wait long, and a question that nobody answers costs little.
    private static let longestWait = Duration.seconds(30)

    /// - Parameters:
    ///   - interval: How often to ask.
    ///   - heard: Told how many new events there are, if any.
    ///   - fullRunIsDue: Sees to a run of everything. It is called again, also after a restart, until it returns.
    public init(
        _ catalog: Catalog, journal: Journal, every interval: Duration, log: Logger,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        heard: @escaping @Sendable (Int) async -> Void, fullRunIsDue: @escaping @Sendable (FullRunReason) async throws -> Void
    ) {
        self.catalog = catalog
        self.journal = journal
        self.interval = interval
        self.log = log
        self.sleep = sleep
        self.heard = heard
        self.fullRunIsDue = fullRunIsDue
    }

    /// Asks until the task is cancelled, or the server is about to end.
    public func run() async throws {
        try await cancelWhenGracefulShutdown { try await askUntilCancelled() }
    }

    private func askUntilCancelled() async throws {
        var failures = 0
        while !Task.isCancelled {
            do {
                try await poll()
                if failures > 0 { log.notice("\(catalog.address): it can be asked for its events again") }
                failures = 0
            } catch {
                // What was not asked to its end is asked by the next server, or under the next configuration.
                if Task.isCancelled || error is CancellationError { return }
                failures += 1
                log.warning("\(error); what has happened meanwhile is asked for later", metadata: ["attempt": "\(failures)"])
            }
            let wait = interval * (1 << min(failures, 16))
            do {
                try await sleep(failures > 0 ? min(wait, max(interval, Self.longestWait)) : interval)
            } catch {
                return
            }
        }
    }

    /// Asks once, and keeps what is told.
    public func poll() async throws {
        // Asked before the events are: what happens between the two is told twice rather than not at all.
        let time = try await catalog.time()
        let next = EventCursor(catalog: catalog.address, time: time - CatalogServer.eventOverlap.components.seconds * 1000)
        guard let cursor = try await journal.eventCursor(of: catalog.address) else {
            return try await readEverything(.neverAsked, next)
        }
        let since = Date(timeIntervalSince1970: Double(cursor) / 1000)
        guard .milliseconds(time - cursor) < CatalogServer.eventRetention else {
            return try await readEverything(.askedTooLongAgo(since: since), next)
        }
        guard let events = try await events(since: cursor) else {
            return try await readEverything(.tooMuch(since: since), next)
        }
        let new = try await journal.keep(events, cursor: next)
        if new > 0 { await heard(new) }
    }

    /// Nil: more than can be told at once.
    private func events(since time: Int64) async throws -> [CatalogEvent]? {
        do {
            return try await catalog.events(time)
        } catch let error as CatalogServerError where error.isTooLong {
            return nil
        }
    }

    private func readEverything(_ reason: FullRunReason, _ next: EventCursor) async throws {
        log.notice("\(catalog.address): \(reason): a run of everything is due")
        try await fullRunIsDue(reason)
        try await journal.keep([], cursor: next)
    }
}

extension EventPoller.Catalog {
    /// A running server.
    public init(_ server: CatalogServer, address: String) {
        self.init(address: address, time: { try await server.currentTime() }, events: { try await server.events(since: $0) })
    }
}

extension EventPoller.FullRunReason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .neverAsked: "it was not asked for its events before"
        case .askedTooLongAgo(let since):
            "it was last asked for its events at \(since.formatted(.iso8601)), and forgets what happened so long ago"
        case .tooMuch(let since): "more has happened since \(since.formatted(.iso8601)) than it can tell at once"
        }
    }
}
