public import RevmetaEngine

/// Work that somebody asked for: a run of each service that some channels write to.
public struct Job: Sendable, Equatable, Identifiable {
    /// Counted from 1 since the server began.
    public let id: Int
    public let trigger: Trigger
    /// Names of the channels; nil: all.
    public let channels: [String]?
    public internal(set) var services: [Part]
    /// Why nothing was run at all; nil: it was, or is about to be.
    public internal(set) var failure: String?

    /// What a job was asked for by. Runs are recorded with its name.
    public enum Trigger: String, Sendable, Equatable, CaseIterable, CustomStringConvertible {
        /// A channel's schedule.
        case schedule
        /// A client of the interface over HTTP.
        case api
        /// Something that happened at the catalog.
        case changes
        /// The catalog cannot tell what has happened: everything is read instead.
        case events

        public var description: String { rawValue }
    }

    public struct Part: Sendable, Equatable {
        public let service: String
        public internal(set) var state: State
    }

    public enum State: Sendable, Equatable {
        /// It waits for an earlier run of the service.
        case waiting
        /// The run's number.
        case running(Int64)
        case ended(Int64, exitCode: Int32, counts: RunReport.Counts, notices: [String])
        /// It could not be run to its end; the run's number, if it came so far.
        case failed(Int64?, String)

        public var isOver: Bool {
            switch self {
            case .waiting, .running: false
            case .ended, .failed: true
            }
        }
    }

    public var isOver: Bool { failure != nil || services.allSatisfy(\.state.isOver) }

    /// The worst of its runs' exit statuses: 0 done, 1 something failed, 2 refused, 3 not possible.
    public var exitCode: Int32 {
        if failure != nil { return 3 }
        return services.map { part in
            switch part.state {
            case .waiting, .running: 0
            case .ended(_, let exitCode, _, _): exitCode
            case .failed: 3
            }
        }.max() ?? 0
    }
}
