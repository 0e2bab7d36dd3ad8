import RevmetaPlugin

/// One batch on its way: what was planned for is compared with the source, then the statements are sent.
///
/// Making one does all that needs no server, so that it can be done while the server works on another.
struct BatchRun {
    struct Item {
        /// The statement's index, for its outcome.
        var index: Int
        var statement: Statement
        var relation: Int
        var shape: StatementShape
    }

    /// Asks for what the source must still hold.
    let inquiry: Inquiry
    private let connection: Connection
    private let reader: Reader
    private let changes: [Change]
    private var items: [Item]
    /// The batch as one message, if it holds nothing but comments.
    private let message: String?
    private let statementCount: Int
    /// Statements that lacked a privilege; which one is looked up once for all, at the end.
    private var denied: [(item: Item, error: ServerError)] = []

    init(_ batch: Batch, of statements: [Statement], _ changes: [Change], reader: Reader) {
        self.reader = reader
        connection = reader.connection
        self.changes = changes
        items = zip(batch.statements, batch.relations).map { index, relation in
            let statement = statements[index]
            return Item(
                index: index, statement: statement, relation: relation, shape: StatementShape(statement))
        }
        statementCount = items.count
        message = items.allSatisfy { $0.shape == .comment } ? Self.joined(items) : nil
        inquiry = Inquiry(
            items.flatMap(\.statement.changes).map { Entity(kind: changes[$0].kind, path: changes[$0].path) },
            in: connection.database)
    }

    /// Drops what has moved since it was planned.
    ///
    /// - Parameter readings: What the source answered to the inquiry.
    mutating func compare(with readings: [Reading], into outcomes: inout CertainOutcomes) {
        var position = 0
        var unmoved: [Item] = []
        unmoved.reserveCapacity(items.count)
        for item in items {
            var moved: Failure?
            for change in item.statement.changes {
                if moved == nil { moved = changes[change].moved(from: readings[position]) }
                position += 1
            }
            if let moved {
                outcomes.fail(item.index, moved)
            } else {
                unmoved.append(item)
            }
        }
        items = unmoved
    }

    /// - Parameters:
    ///   - next: What is asked in the same round trip, after the last statement, if it can be.
    ///   - meanwhile: Done while the server works on a message of comments: each time, or never.
    /// - Returns: The answer to `next`; nil: it was not asked.
    mutating func send(
        into outcomes: inout CertainOutcomes, asking next: Inquiry?, _ call: Call, meanwhile: () -> Void
    ) throws(Failure) -> [Reading]? {
        var next = message == nil ? nil : next, readings: [Reading]?
        // In the plan's order, as many together as are alike and follow each other.
        var rest = items[...]
        while let shape = rest.first?.shape {
            let end = rest.firstIndex { $0.shape != shape } ?? rest.endIndex
            let alike = Array(rest[..<end])
            rest = rest[end...]
            switch shape {
            case .comment:
                readings = try send(alike, singly: false, into: &outcomes, asking: &next, call, meanwhile: meanwhile)
            case .single:
                _ = try send(alike, singly: true, into: &outcomes, asking: &next, call, meanwhile: meanwhile)
            case .several: for item in alike { try sendAlone(item, into: &outcomes, call) }
            }
        }
        try explainDenied(into: &outcomes, call)
        return readings
    }

    /// - Parameter next: Becomes nil once it is asked: after an answer that failed it is asked apart from the statements.
    private mutating func send(
        _ items: [Item], singly: Bool, into outcomes: inout CertainOutcomes, asking next: inout Inquiry?, _ call: Call,
        meanwhile: () -> Void
    ) throws(Failure) -> [Reading]? {
        var plan = BatchPlan(relations: items.map(\.relation), singly: singly), readings: [Reading]?
        while true {
            let settled: BatchPlan.Settled
            var lost: Failure?
            switch plan.step {
            case .done: return readings
            case .message(let sent):
                let whole = sent.count == statementCount ? message : nil
                let text = whole ?? Self.joined(sent.lazy.map { items[$0] })
                let asked = next.flatMap { connection.canAppend($0.queries) ? $0 : nil }
                next = nil
                var answer = try connection.message(text, reading: asked?.queries ?? [], call, meanwhile: meanwhile)
                // Cancelled: nothing of the message was kept.
                if answer.error != nil { try connection.throwIfInterrupted() }
                if let asked, answer.error == nil { readings = asked.readings(answer.rows) }
                // What is wrong may be the question: the statements go again without it.
                if asked != nil, let error = answer.error, answer.completed == sent.count || error.isOfWholeMessage {
                    answer = try connection.message(text, call, meanwhile: meanwhile)
                    if answer.error != nil { try connection.throwIfInterrupted() }
                }
                settled = plan.answer(completed: answer.completed, error: answer.error)
            case .singly(let sent):
                var answers: [Connection.SingleAnswer] = []
                do throws(Failure) {
                    try connection.singly(sent.map { items[$0].statement.text }, into: &answers, call)
                } catch {
                    lost = error
                }
                settled = plan.answer(singly: answers)
            }
            for item in settled.applied { outcomes.succeed(items[item].index) }
            for (item, error) in settled.failed { fail(items[item], error, into: &outcomes) }
            if let lost { throw lost }
            try connection.throwIfInterrupted()
        }
    }

    private mutating func sendAlone(
        _ item: Item, into outcomes: inout CertainOutcomes, _ call: Call
    ) throws(Failure) {
        // A message is a transaction: all the parts of a template's statement, or none.
        let answer = try connection.message(item.statement.message, call)
        if connection.isInTransaction {
            _ = try connection.message("ROLLBACK", call)
            let failure = Failure(
                .invalid, "\(subject(item)): the statement left a transaction open; it was rolled back")
            outcomes.fail(item.index, failure)
        } else if let error = answer.error {
            fail(item, error, into: &outcomes)
        } else {
            outcomes.succeed(item.index)
        }
        try connection.throwIfInterrupted()
    }

    private static func joined(_ items: some Sequence<Item>) -> String {
        var message = ""
        for item in items {
            message += item.statement.text
            message += ";\n"
        }
        return message
    }

    private mutating func fail(_ item: Item, _ error: ServerError, into outcomes: inout CertainOutcomes) {
        // Ended because the host asked to stop: the call says so, and the statement stays unsettled.
        if error.isInterrupted, connection.interruption != nil { return }
        if error.status == .denied {
            denied.append((item, error))
        } else {
            outcomes.fail(item.index, error.failure(of: subject(item)))
        }
    }

    private func explainDenied(into outcomes: inout CertainOutcomes, _ call: Call) throws(Failure) {
        guard !denied.isEmpty else { return }
        let concerned = denied.map { changes[$0.item.statement.changes[0]] }
        let reasons = try PrivilegeCheck(reader: reader, connection: connection).failures(of: concerned, call)
        for (position, (item, error)) in denied.enumerated() {
            var failure = error.failure(of: subject(item))
            // What a template's statement needs, only its author knows.
            if item.statement.parts.isEmpty, let reason = reasons[position], reason.status == .denied {
                failure.message = reason.message
            }
            outcomes.fail(item.index, failure)
        }
    }

    private func subject(_ item: Item) -> String {
        let change = changes[item.statement.changes[0]]
        return "\(change.attribute) of " + (ObjectKind(rawValue: change.kind) ?? .table).described(change.path)
    }
}

extension Statement {
    /// What is sent. A part may end in a comment, so what ends it stands in a line of its own.
    fileprivate var message: String { parts.count > 1 ? parts.joined(separator: "\n;\n") : text }
}
