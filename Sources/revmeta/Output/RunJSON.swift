internal import RevmetaAnswers
internal import RevmetaEngine
internal import RevmetaJSON
internal import RevmetaJournal

/// Reports a run to a program.
struct RunJSON {
    private let out: Terminal

    init(_ out: Terminal) {
        self.out = out
    }

    func write(_ store: RunStore, _ report: RunReport) throws {
        let line = LineEncoder()
        out.write("{\n  \"format\": \"revmeta.run/0\",\n  \"run\": \(store.run),\n  \"problems\": [")
        var problems = ListWriter { out.write($0) }
        try store.listProblems { try problems.add(ChangeAnswer($0)) }
        out.write("\n  ],\n  \"report\": \(try line.text(ReportAnswer(report)))\n}\n")
    }

    /// There was nothing to run.
    func writeNothing() {
        out.write("{\n  \"format\": \"revmeta.run/0\",\n  \"run\": null,\n  \"problems\": [],\n  \"report\": null\n}\n")
    }
}
