internal import RevmetaEngine
internal import RevmetaJournal
internal import RevmetaModel

/// Tells a person what a run did: what went wrong or was left out, and the numbers.
struct RunText {
    private let out: Terminal

    /// What shares one outcome and one reason.
    private struct Group {
        var service: String
        var word: String
        var reason: String
        var example: Change
        var count: Int
    }

    private static let mostGroups = 50

    init(_ out: Terminal) {
        self.out = out
    }

    func write(_ store: RunStore, _ report: RunReport, duration: Duration) throws {
        if report.refusal == nil { try writeProblems(store) }
        ReportText(out).write(report, isPlan: false, prefix: "Run \(store.run). ", suffix: " (\(Self.seconds(duration)) s)")
    }

    /// Seconds with two digits after the point. By hand, since a short run waits for what Foundation sets up to print a number.
    private static func seconds(_ duration: Duration) -> String {
        let hundredths = Int((duration / .milliseconds(10)).rounded())
        return "\(hundredths / 100).\(hundredths / 10 % 10)\(hundredths % 10)"
    }

    /// One line for each reason, with the first of the facts that share it: a thousand alike are not a thousand lines.
    private func writeProblems(_ store: RunStore) throws {
        var groups: [Group] = []
        var places: [String: Int] = [:]
        var left = 0
        try store.listProblems { change in
            let word = change.outcome ?? change.planned.action.rawValue
            let reason = change.planned.reason ?? "not sent, or not known: the next run finds out"
            let key = "\(change.service) \(word) \(change.planned.change.attribute) \(reason.withoutNames(of: change.planned.change.path))"
            if let place = places[key] {
                groups[place].count += 1
            } else if groups.count < Self.mostGroups {
                places[key] = groups.count
                groups.append(Group(service: change.service, word: word, reason: reason, example: change.planned.change, count: 1))
            } else {
                left += 1
            }
        }
        let isOfSeveral = Set(groups.map(\.service)).count > 1
        for group in groups {
            let service = isOfSeveral ? " (\(Terminal.oneLine(group.service)))" : ""
            let others = service + (group.count == 1 ? "" : " and \(group.count - 1) more")
            out.line(
                "\(group.word): \(group.example.attribute) of \(group.example.kind) "
                    + "\(Terminal.oneLine(group.example.path.description))\(others): \(Terminal.paragraph(group.reason))")
        }
        if left > 0 { out.line("and \(left) more for other reasons; --format json tells all of them") }
    }
}
