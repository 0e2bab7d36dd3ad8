internal import RevmetaEngine
internal import RevmetaJournal
internal import RevmetaModel

/// Shows a plan to a person: what is sent, what it replaces, and what is left out and why.
struct PlanText {
    private let out: Terminal

    init(_ out: Terminal) {
        self.out = out
    }

    func write(_ store: RunStore, _ report: RunReport) throws {
        var place: String?
        var isBelow = false
        try store.list { change in
            if change.statement != nil {
                let here = change.service + (change.database.map { ", database \($0)" } ?? "")
                if here != place {
                    out.line((place == nil ? "" : "\n") + "Service \(Terminal.oneLine(here))")
                    place = here
                }
            } else if !isBelow {
                out.line((place == nil ? "" : "\n") + "Not written")
                isBelow = true
            }
            write(change)
        }
        ReportText(out).write(report, isPlan: true)
    }

    private func write(_ change: ListedChange) {
        let planned = change.planned
        out.line("  " + ChangeText(planned).headline(on: out))
        if let reason = planned.reason { out.line(indented(reason)) }
        if planned.action == .overwrite || planned.action == .keep {
            out.line(indented("source has: " + (planned.change.before ?? "")))
        }
        if let text = change.statementText { out.line(out.coloured(indented(text + ";"), .faint)) }
    }

    private func indented(_ text: String) -> String {
        Terminal.printable(text).split(separator: "\n", omittingEmptySubsequences: false)
            .map { "        " + $0 }.joined(separator: "\n")
    }
}

/// One change in a line.
struct ChangeText {
    private let planned: PlannedChange

    init(_ planned: PlannedChange) {
        self.planned = planned
    }

    func headline(on out: Terminal) -> String {
        let (word, colour): (String, Terminal.Colour) =
            switch planned.action {
            case .set: ("set", .green)
            case .overwrite: ("conflict, overwrite", .yellow)
            case .clear: ("clear", .red)
            case .restore: ("put back", .green)
            case .keep: ("conflict, keep", .yellow)
            case .skip: ("skip", .yellow)
            case .fail: ("fail", .red)
            }
        let path = Terminal.oneLine(planned.change.path.description)
        return out.coloured(word, colour) + " \(planned.change.attribute) of \(planned.change.kind) \(path)"
    }
}
