internal import Foundation
internal import RevmetaEngine
internal import RevmetaJournal
internal import RevmetaModel

/// Shows a plan to a program, a statement at a time, so that memory does not grow with the plan.
struct PlanJSON {
    private let out: Terminal

    init(_ out: Terminal) {
        self.out = out
    }

    func write(_ store: RunStore, _ report: RunReport) throws {
        let encoder = JSONEncoder.lines
        var statement: StatementAnswer?
        var statements = JSONItems(out)
        func finish() throws {
            if let statement { try statements.add(statement) }
            statement = nil
        }
        out.write("{\n  \"format\": \"revmeta.plan/0\",\n  \"statements\": [")
        try store.list { change in
            guard change.statement != nil else { return }
            if let text = change.statementText {
                try finish()
                statement = StatementAnswer(
                    service: change.service, database: change.database, text: text, guard: change.guardText, changes: [])
            }
            statement?.changes.append(ChangeAnswer(change))
        }
        try finish()
        out.write("\n  ],\n  \"notWritten\": [")
        var notWritten = JSONItems(out)
        try store.list { change in
            if change.statement == nil { try notWritten.add(ChangeAnswer(change)) }
        }
        out.write("\n  ],\n")
        out.write("  \"report\": \(try encoder.text(ReportAnswer(report)))\n}\n")
    }
}

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

/// Shows a run of the journal to a program.
struct RecordedRunJSON {
    private let run: RecordedRun

    init(_ run: RecordedRun) {
        self.run = run
    }

    func write(_ journal: Journal, to out: Terminal) throws {
        let encoder = JSONEncoder.lines
        out.write("{\n  \"format\": \"revmeta.show/0\",\n  \"run\": \(try encoder.text(RunAnswer(run))),\n  \"changes\": [")
        var changes = JSONItems(out)
        try journal.list(run.id) { try changes.add(ChangeAnswer($0)) }
        out.write("\n  ]\n}\n")
    }
}

/// Writes the items of a list, a line each, as they come.
private struct JSONItems {
    private let out: Terminal
    private let encoder = JSONEncoder.lines
    private var isFirst = true

    init(_ out: Terminal) {
        self.out = out
    }

    mutating func add(_ item: some Encodable) throws {
        out.write(isFirst ? "\n    " : ",\n    ")
        isFirst = false
        out.write(try encoder.text(item))
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
    var counts: RunReport.Counts?

    init(_ run: RecordedRun) {
        id = run.id
        started = run.started
        finished = run.finished
        trigger = run.trigger
        person = run.person
        version = run.version
        state = run.state
        counts = run.counts
    }
}

private struct StatementAnswer: Encodable {
    var service: String
    var database: String?
    var text: String
    var `guard`: String?
    var changes: [ChangeAnswer]
}

private struct ChangeAnswer: Encodable {
    var service: String
    var channel: String
    var action: String
    var outcome: String?
    var attempts: Int?
    /// In seconds.
    var duration: Double?
    var kind: String
    var path: [String]
    var attribute: String
    var before: String?
    var value: String?
    var reason: String?

    init(_ change: ListedChange) {
        service = change.service
        channel = change.planned.channel
        action = change.planned.action.rawValue
        outcome = change.outcome
        attempts = change.attempts
        duration = change.duration.map { Double($0.components.seconds) + Double($0.components.attoseconds) / 1e18 }
        kind = change.planned.change.kind
        path = change.planned.change.path.names
        attribute = change.planned.change.attribute.rawValue
        before = change.planned.change.before
        value = change.planned.change.value
        reason = change.planned.reason
    }
}

private struct ReportAnswer: Encodable {
    struct FailureAnswer: Encodable {
        var service: String
        var status: String
        var message: String
        var sqlState: String?
    }

    var counts: RunReport.Counts
    var failures: [FailureAnswer]
    var notices: [String]
    var isStopped: Bool
    var exitStatus: Int32

    init(_ report: RunReport) {
        counts = report.counts
        failures = report.failures.sorted { $0.key < $1.key }.map {
            FailureAnswer(
                service: $0.key, status: $0.value.status.description, message: $0.value.message, sqlState: $0.value.sqlState)
        }
        notices = report.notices
        isStopped = report.isStopped
        exitStatus = report.exitCode
    }
}

extension JSONEncoder {
    fileprivate static var lines: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }

    fileprivate func text(_ value: some Encodable) throws -> String {
        String(decoding: try encode(value), as: UTF8.self)
    }
}
