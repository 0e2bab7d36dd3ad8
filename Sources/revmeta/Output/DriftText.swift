internal import RevmetaEngine
internal import RevmetaModel

/// Tells a person what is not at a source as it was written.
struct DriftText {
    private let out: Terminal

    init(_ out: Terminal) {
        self.out = out
    }

    func write(_ drift: Drift) {
        let fact = drift.fact
        let path = Terminal.oneLine(fact.key.entity.path.description)
        let what = "\(fact.key.attribute) of \(fact.key.entity.kind.rawValue) \(path) (\(Terminal.oneLine(fact.service)))"
        switch drift.found {
        case .changed(let value):
            out.line(out.coloured(value == nil ? "taken away" : "changed", .yellow) + ": \(what)")
            out.difference(from: fact.heldText, to: value)
        case .gone: out.line(out.coloured("gone", .yellow) + ": \(what)")
        case .unknown(let reason):
            out.line(out.coloured("not known", .yellow) + ": \(what): \(Terminal.paragraph(reason))")
        }
        let time = fact.time ?? "a time that the journal no longer knows"
        out.line("    since \(time), when run \(fact.run) \(fact.wasFound ? "found it as written" : "wrote it")")
    }

    func write(_ report: DriftReport) {
        if report.unreadable > 0 {
            out.line(
                "note: \(counted(report.unreadable, "fact")) that templates wrote cannot be read back, so nobody can tell whether "
                    + "somebody changed them")
        }
        for (service, failure) in report.failures.sorted(by: { $0.key < $1.key }) {
            out.line(out.coloured("service '\(service)' failed", .red) + ": \(Terminal.paragraph(failure.description))")
        }
        let numbers = [(report.changed, "changed"), (report.gone, "gone"), (report.unknown, "not known")]
            .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        let facts = counted(report.compared, "fact")
        out.line(
            numbers.isEmpty
                ? "No drift: \(facts) as revmeta wrote \(report.compared == 1 ? "it" : "them")"
                : "Drift: \(numbers.joined(separator: ", ")) of \(facts)")
    }
}

extension ManagedFact {
    /// What the source held after it was written.
    var heldText: String {
        if case .value(let held) = held { held ?? "" } else { value }
    }
}
