internal import RevmetaEngine
internal import RevmetaModel

/// Tells the numbers, failures and notices of a plan or run.
struct ReportText {
    private let out: Terminal

    init(_ out: Terminal) {
        self.out = out
    }

    /// Failures, notices, and the line of numbers.
    func write(_ report: RunReport, isPlan: Bool, prefix: String = "", suffix: String = "") {
        writeProblems(report)
        let counts = report.counts
        let isQuiet = counts.written == 0 && counts.failed == 0 && counts.conflicts == 0 && counts.unsettled == 0
            && counts.kept == 0 && report.failures.isEmpty
        func conflicts(_ count: Int) -> String { count == 1 ? "conflict" : "conflicts" }
        let numbers = [
            (counts.set, isPlan ? "to set" : "set"),
            (counts.overwritten, conflicts(counts.overwritten) + (isPlan ? " to overwrite" : " overwritten")),
            (counts.cleared, isPlan ? "to clear" : "cleared"), (counts.unchanged, "unchanged"),
            (counts.kept, conflicts(counts.kept) + " kept"), (counts.skipped, "skipped"),
            (counts.conflicts, "moved since the plan was made"), (counts.failed, "failed"),
            (counts.unsettled, "in doubt, to be settled by the next run"), (report.unsent, "not sent"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        if let refusal = report.refusal {
            out.line(out.coloured(isPlan ? "A run would stop" : "Nothing was written", .red) + ": \(refusal)")
            if !isPlan { return }
        }
        let isStopped = report.isStopped
        let outcome =
            if isStopped {
                "Stopped, the next run writes the rest: "
            } else if !report.failures.isEmpty {
                isPlan ? "Plan, not whole: " : "Not whole: "
            } else {
                isQuiet ? "Nothing to do: " : isPlan ? "Plan: " : "Done: "
            }
        let nothing = report.failures.isEmpty ? "no facts are selected" : "nothing was compared"
        out.line(prefix + outcome + (numbers.isEmpty ? nothing : numbers) + suffix)
    }

    func writeProblems(_ report: RunReport) {
        for (service, failure) in report.failures.sorted(by: { $0.key < $1.key }) {
            out.line(out.coloured("service '\(service)' failed", .red) + ": \(Terminal.paragraph(failure.description))")
        }
        for notice in report.notices { out.line("note: \(Terminal.paragraph(notice))") }
    }
}
