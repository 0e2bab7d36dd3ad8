internal import RevmetaEngine

/// A job, as a program is told of it.
struct JobAnswer: Encodable {
    struct Part: Encodable {
        var service: String
        /// `waiting`, `running`, `ended`, `failed`.
        var state: String
        /// Its number in the journal.
        var run: Int64?
        var exitStatus: Int32?
        var counts: RunReport.Counts?
        var notices: [String]?
        /// Why it could not be run to its end.
        var reason: String?

        init(_ part: Job.Part) {
            service = part.service
            switch part.state {
            case .waiting: state = "waiting"
            case .running(let run):
                state = "running"
                self.run = run
            case .ended(let run, let exitCode, let counts, let notices):
                state = "ended"
                self.run = run
                exitStatus = exitCode
                self.counts = counts
                self.notices = notices
            case .failed(let run, let reason):
                state = "failed"
                self.run = run
                self.reason = reason
            }
        }
    }

    var id: Int
    var trigger: String
    /// Names of the channels it is limited to; absent: all.
    var channels: [String]?
    var isOver: Bool
    /// Absent: it is not over.
    var exitStatus: Int32?
    /// Why nothing was run at all.
    var failure: String?
    var services: [Part]

    init(_ job: Job) {
        id = job.id
        trigger = job.trigger.rawValue
        channels = job.channels
        isOver = job.isOver
        exitStatus = job.isOver ? job.exitCode : nil
        failure = job.failure
        services = job.services.map(Part.init)
    }
}
