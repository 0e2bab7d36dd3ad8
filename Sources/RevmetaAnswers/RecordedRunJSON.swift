internal import RevmetaJSON
package import RevmetaJournal

/// Shows a run of the journal to a program, a change at a time.
package struct RecordedRunJSON {
    private let run: RecordedRun

    package init(_ run: RecordedRun) {
        self.run = run
    }

    /// - Parameter write: Where the text goes, piece by piece.
    package func write(_ journal: Journal, _ write: (String) throws -> Void) throws {
        let line = LineEncoder()
        try write("{\n  \"format\": \"revmeta.show/0\",\n  \"run\": \(try line.text(RunAnswer(run))),\n  \"changes\": [")
        try withoutActuallyEscaping(write) { write in
            var changes = ListWriter(write)
            try journal.list(run.id) { try changes.add(ChangeAnswer($0)) }
        }
        try write("\n  ]\n}\n")
    }
}

/// Lists runs of the journal to a program.
package struct RecordedRunsJSON {
    private let runs: [RecordedRun]

    package init(_ runs: [RecordedRun]) {
        self.runs = runs
    }

    package func write(_ write: (String) throws -> Void) throws {
        try write("{\n  \"format\": \"revmeta.history/0\",\n  \"runs\": [")
        try withoutActuallyEscaping(write) { write in
            var list = ListWriter(write)
            for run in runs { try list.add(RunAnswer(run)) }
        }
        try write("\n  ]\n}\n")
    }
}
