internal import RevmetaEngine
internal import RevmetaJSON
internal import RevmetaModel

/// Tells a program what is not at a source as it was written.
struct DriftJSON {
    private struct Answer: Encodable {
        var service: String
        var entity: String
        var path: [String]
        var attribute: String
        /// `changed`, `gone` or `unknown`.
        var found: String
        var wrote: String
        /// Absent: nothing, or it is not known.
        var actual: String?
        var reason: String?
        var run: Int64
        /// ISO 8601, UTC.
        var since: String?
    }

    private struct Report: Encodable {
        var compared: Int
        var changed: Int
        var gone: Int
        var unknown: Int
        /// Facts that templates wrote and that cannot be read back.
        var unreadable: Int
        var failures: [String: String]
        var exitStatus: Int32
    }

    private let out: Terminal
    private var items: ListWriter

    init(_ out: Terminal) {
        self.out = out
        items = ListWriter { out.write($0) }
    }

    private var isBegun = false

    private mutating func begin() {
        guard !isBegun else { return }
        isBegun = true
        out.write("{\n  \"format\": \"revmeta.drift/0\",\n  \"drift\": [")
    }

    mutating func add(_ drift: Drift) throws {
        begin()
        let fact = drift.fact
        var answer = Answer(
            service: fact.service, entity: fact.key.entity.kind.rawValue, path: fact.key.entity.path.names,
            attribute: fact.key.attribute.rawValue, found: "gone", wrote: fact.heldText, run: fact.run, since: fact.time)
        switch drift.found {
        case .changed(let value): (answer.found, answer.actual) = ("changed", value)
        case .gone: break
        case .unknown(let reason): (answer.found, answer.reason) = ("unknown", reason)
        }
        try items.add(answer)
    }

    mutating func end(_ report: DriftReport) throws {
        begin()
        let answer = Report(
            compared: report.compared, changed: report.changed, gone: report.gone, unknown: report.unknown,
            unreadable: report.unreadable,
            failures: report.failures.mapValues(\.description), exitStatus: report.exitCode)
        out.write("\n  ],\n  \"report\": \(try LineEncoder().text(answer))\n}\n")
    }
}
