internal import Foundation
internal import RevmetaEngine
internal import RevmetaJournal
internal import RevmetaModel

/// Tells a person what a run did: what went wrong or was left out, and the numbers.
struct RunText {
    private let out: Terminal

    init(_ out: Terminal) {
        self.out = out
    }

    func write(_ store: RunStore, _ report: RunReport, duration: Duration) throws {
        try store.listProblems { change in
            let reason = change.planned.reason ?? "not sent, or not known: the next run finds out"
            let word = change.outcome ?? change.planned.action.rawValue
            out.line(
                "\(word): \(change.planned.change.attribute) of \(change.planned.change.kind) "
                    + "\(Terminal.printable(change.planned.change.path.description)): \(Terminal.printable(reason))")
        }
        let seconds = String(format: "%.2f", duration / .seconds(1))
        ReportText(out).write(report, isPlan: false, prefix: "Run \(store.run). ", suffix: " (\(seconds) s)")
    }
}
