internal import RevmetaEngine
package import RevmetaJournal

/// A run of the journal, as a program is told of it.
package struct RunAnswer: Encodable {
    var id: Int64
    var started: String
    var finished: String?
    var trigger: String
    var person: String
    var version: String
    var state: String
    /// Names of the channels it was limited to; absent: all.
    var channels: [String]?
    /// The hash of what it set out to send; absent: nothing, or it did not come so far.
    var plan: String?
    /// Absent: it did not come to say.
    var counts: RunReport.Counts?
    /// Why it did not do what it was to, a line for each reason; absent: it did, or did not come to say.
    var reason: String?

    package init(_ run: RecordedRun) {
        id = run.id
        started = run.started
        finished = run.finished
        trigger = run.trigger
        person = run.person
        version = run.version
        state = run.state
        channels = run.channels
        plan = run.plan
        counts = run.counts
        reason = run.reason
    }
}
