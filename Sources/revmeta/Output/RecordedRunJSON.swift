internal import RevmetaEngine
internal import RevmetaJSON
internal import RevmetaJournal

/// Shows a run of the journal to a program.
struct RecordedRunJSON {
    private let run: RecordedRun

    init(_ run: RecordedRun) {
        self.run = run
    }

    func write(_ journal: Journal, to out: Terminal) throws {
        let line = LineEncoder()
        out.write("{\n  \"format\": \"revmeta.show/0\",\n  \"run\": \(try line.text(RunAnswer(run))),\n  \"changes\": [")
        var changes = ListWriter { out.write($0) }
        try journal.list(run.id) { try changes.add(ChangeAnswer($0)) }
        out.write("\n  ]\n}\n")
    }
}

private struct RunAnswer: Encodable {
    var id: Int64
    var started: String
    var finished: String?
    var trigger: String
    var person: String
    var version: String
    var state: String
    /// Names of the channels it was limited to; absent: all.
    var channels: [String]?
    /// The hash of what it set out to send.
    var plan: String?
    var counts: RunReport.Counts?

    init(_ run: RecordedRun) {
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
    }
}
