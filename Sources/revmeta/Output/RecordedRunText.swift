internal import RevmetaEngine
internal import RevmetaJournal
internal import RevmetaModel

/// Tells a person of a run that the journal remembers.
struct RecordedRunText {
    private let run: RecordedRun

    init(_ run: RecordedRun) {
        self.run = run
    }

    /// Number, time, state, who, and the numbers of changes.
    var line: String {
        var numbers: [String] = []
        if let counts = run.counts {
            numbers = [
                (counts.set, "set"), (counts.overwritten, "overwritten"), (counts.cleared, "cleared"),
                (counts.kept, "kept"), (counts.skipped, "skipped"), (counts.conflicts, "moved"), (counts.failed, "failed"),
                (counts.unsettled, "in doubt"),
            ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
            if numbers.isEmpty { numbers = [run.reason == nil ? "nothing to do" : "nothing was written"] }
        }
        return "\(run.id)  \(run.started)  \(run.state)  \(run.person)  \(numbers.joined(separator: ", "))"
    }

    func write(_ journal: Journal, to out: Terminal) throws {
        out.line("Run \(line)")
        out.line("finished \(run.finished ?? "not that the journal knows"), \(run.trigger), revmeta \(run.version)")
        if let channels = run.channels { out.line("channels \(Terminal.oneLine(channels.joined(separator: ", ")))") }
        if let plan = run.plan { out.line("plan \(plan)") }
        for reason in run.reason?.split(separator: "\n") ?? [] { out.line(Terminal.printable(String(reason))) }
        try journal.list(run.id) { change in
            let outcome = change.outcome.map { "\($0): " } ?? (change.statement == nil ? "" : change.wasSent ? "open: " : "not sent: ")
            out.line("\n" + outcome + ChangeText(change.planned).headline(on: out))
            if change.planned.action.isWritten {
                out.difference(from: change.planned.change.before, to: change.planned.change.value)
            }
            for part in change.parts {
                for line in Terminal.printable(part).split(separator: "\n") { out.line(out.coloured("    \(line)", .faint)) }
            }
            if let attempts = change.attempts, attempts > 1 { out.line("    (tried \(attempts) times)") }
            if let reason = change.planned.reason { out.line("    (\(Terminal.paragraph(reason)))") }
        }
    }
}
