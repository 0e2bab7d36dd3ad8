internal import Foundation
internal import RevmetaEngine
internal import RevmetaJournal

/// Reports a run to a program.
struct RunJSON {
    private let out: Terminal

    init(_ out: Terminal) {
        self.out = out
    }

    func write(_ store: RunStore, _ report: RunReport) throws {
        let encoder = JSONEncoder.lines
        out.write("{\n  \"format\": \"revmeta.run/0\",\n  \"run\": \(store.run),\n  \"problems\": [")
        var problems = JSONItems(out)
        try store.listProblems { try problems.add(ChangeAnswer($0)) }
        out.write("\n  ],\n  \"report\": \(try encoder.text(ReportAnswer(report)))\n}\n")
    }
}
