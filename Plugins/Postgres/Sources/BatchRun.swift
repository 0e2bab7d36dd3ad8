import RevmetaPlugin

/// One batch on its way: what was planned for is compared with the source, then the statements are sent.
///
/// Making one does all that needs no server, so that it can be done while the server works on another.
struct BatchRun {
    private struct Item {
        /// Its place in the batch.
        var place: Int
        var shape: StatementShape
    }

    private struct Posted {
        /// The statements, and after them what is asked.
        var text: String
        /// How many of the bytes are statements.
        var statements: Int
        var asked: Inquiry?
    }

    /// Asks for what the source must still hold.
    let inquiry: Inquiry
    private let batch: Batch
    /// What is left of the batch.
    private var items: [Item]
    /// Whether it is all comments, and so can be posted.
    let isMessage: Bool
    /// The batch as that message, until it is posted.
    private var message: String?
    /// What is on its way.
    private var posted: Posted?
    /// Statements that lacked a privilege; which one is looked up once for all, at the end.
    private var denied: [(item: Item, error: ServerError)] = []

    /// - Parameter database: The session's own.
    init(_ batch: Batch, in database: String) {
        self.batch = batch
        let items = batch.items.enumerated().map { Item(place: $0, shape: StatementShape($1.statement)) }
        self.items = items
        isMessage = items.allSatisfy { $0.shape == .comment }
        message = isMessage ? Self.joined(items, of: batch) : nil
        // To a comment on what is gone, the server says so. A template's statement may not even name it.
        inquiry = Inquiry(
            batch.changes.map { Entity(kind: $0.kind, path: $0.path) }, in: database,
            isMessage ? .whatIsWrittenOver : .whole)
    }

    /// Whether nothing of it is left to send.
    var isEmpty: Bool { items.isEmpty }

    /// Its place among all batches: the first of its statements.
    var place: Int { batch.items[0].index }

    /// Whether one might wait for a lock that the other holds.
    func contends(with other: BatchRun) -> Bool { batch.sharesRelation(with: other.batch) }

    /// Drops what has moved since it was planned.
    ///
    /// - Parameter readings: What the source answered to the inquiry.
    mutating func drop(
        movedBy readings: [Reading], over reader: Reader, into outcomes: inout CertainOutcomes, _ call: Call
    ) throws(Failure) {
        guard hasMoved(readings) else { return }
        if isMessage { try dropMoved(over: reader, into: &outcomes, call) } else { compare(with: readings, into: &outcomes) }
    }

    /// Asks for all there is to know, which the answer to a message's inquiry is not, and drops what has moved by that.
    private mutating func dropMoved(
        over reader: Reader, into outcomes: inout CertainOutcomes, _ call: Call
    ) throws(Failure) {
        compare(with: try reader.read(inquiry.entities, call), into: &outcomes)
    }

    private func hasMoved(_ readings: [Reading]) -> Bool {
        // Field by field: to copy a change counts each of its texts up and down again.
        let all = batch.items.span, changes = batch.changes.span
        for item in items {
            for change in all[item.place].statement.changes
            where !readings[change].holds(
                changes[change].kind, changes[change].attribute, changes[change].before, or: changes[change].value)
            {
                return true
            }
        }
        return false
    }

    private mutating func compare(with readings: [Reading], into outcomes: inout CertainOutcomes) {
        items.removeAll { item in
            var moved: Failure?
            // Readings are in the changes' order.
            for change in batch.items[item.place].statement.changes where moved == nil {
                moved = batch.changes[change].moved(from: readings[change])
            }
            if let moved { outcomes.fail(batch.items[item.place].index, moved) }
            return moved != nil
        }
    }

    /// Sends everything as one message, which ``land(over:into:_:while:)`` takes the answer to. Only for what is a message, and
    /// not empty.
    ///
    /// - Parameter next: What is asked in the same round trip, after the last statement, if it can be.
    mutating func post(over reader: Reader, asking next: Inquiry?, _ call: Call) throws(Failure) {
        let whole = message.take()
        var text = items.count == batch.items.count ? whole! : Self.joined(items, of: batch)
        let statements = text.utf8.count
        let asked = next.flatMap { reader.connection.canAppend($0.queries) ? $0 : nil }
        for query in asked?.queries ?? [] { text += query.execution }
        try reader.connection.post(text, call)
        posted = Posted(text: text, statements: statements, asked: asked)
    }

    /// Waits for the answer to what was posted, and sees to what failed.
    ///
    /// - Parameter mayGoOn: Whether what failed may be sent again. What is not stays unsettled.
    /// - Returns: The answer to what was asked in the same round trip; nil: it was not, or the message failed.
    mutating func land(
        over reader: Reader, into outcomes: inout CertainOutcomes, _ call: Call, while mayGoOn: () -> Bool
    ) throws(Failure) -> [Reading]? {
        let posted = posted!
        self.posted = nil
        var answer = try reader.connection.answer(reading: posted.asked != nil, call)
        // Cancelled: nothing of the message was kept.
        if answer.error != nil { try reader.connection.throwIfInterrupted() }
        let readings = answer.error == nil ? posted.asked?.readings(answer.rows) : nil
        // What is wrong may be the question: the statements go again without it.
        if posted.asked != nil, let error = answer.error, answer.completed == items.count || error.isOfWholeMessage {
            guard mayGoOn() else { return nil }
            let statements = String(decoding: posted.text.utf8.prefix(posted.statements), as: UTF8.self)
            answer = try reader.connection.message(statements, call)
            if answer.error != nil { try reader.connection.throwIfInterrupted() }
        }
        var first: Connection.MessageAnswer? = answer
        if answer.error?.status == .notFound, mayGoOn() {
            // Perhaps not the only one: all that is gone is dropped at once, and not found one by one.
            try dropMoved(over: reader, into: &outcomes, call)
            first = nil
        }
        try send(items, singly: false, first: first, over: reader, into: &outcomes, call, while: mayGoOn)
        try explainDenied(over: reader, into: &outcomes, call)
        return readings
    }

    /// Sends what is no single message: in the plan's order, as many together as are alike and follow each other.
    ///
    /// - Parameter mayGoOn: Whether more may be sent. What is not stays unsettled.
    mutating func run(
        over reader: Reader, into outcomes: inout CertainOutcomes, _ call: Call, while mayGoOn: () -> Bool
    ) throws(Failure) {
        var rest = items[...]
        while let shape = rest.first?.shape, mayGoOn() {
            let end = rest.firstIndex { $0.shape != shape } ?? rest.endIndex
            let alike = Array(rest[..<end])
            rest = rest[end...]
            switch shape {
            case .comment: try send(alike, singly: false, over: reader, into: &outcomes, call, while: mayGoOn)
            case .single: try send(alike, singly: true, over: reader, into: &outcomes, call, while: mayGoOn)
            case .several: for item in alike where mayGoOn() { try sendAlone(item, over: reader.connection, into: &outcomes, call) }
            }
        }
        try explainDenied(over: reader, into: &outcomes, call)
    }

    /// - Parameter answer: To all of the items as one message, if they were sent so already.
    private mutating func send(
        _ items: [Item], singly: Bool, first answer: Connection.MessageAnswer? = nil, over reader: Reader,
        into outcomes: inout CertainOutcomes, _ call: Call, while mayGoOn: () -> Bool
    ) throws(Failure) {
        let connection = reader.connection
        var plan = BatchPlan(relations: items.map { batch.items[$0.place].relation }, singly: singly), first = answer
        while first != nil || mayGoOn() {
            let settled: BatchPlan.Settled
            var lost: Failure?
            switch plan.step {
            case .done: return
            case .message(let sent):
                let answer: Connection.MessageAnswer
                if let given = first {
                    answer = given
                    first = nil
                } else {
                    answer = try connection.message(Self.joined(sent.lazy.map { items[$0] }, of: batch), call)
                    // Cancelled: nothing of the message was kept.
                    if answer.error != nil { try connection.throwIfInterrupted() }
                }
                settled = plan.answer(completed: answer.completed, error: answer.error)
            case .singly(let sent):
                var answers: [Connection.SingleAnswer] = []
                do throws(Failure) {
                    try connection.singly(sent.map { statement(of: items[$0]).text }, into: &answers, call)
                } catch {
                    lost = error
                }
                settled = plan.answer(singly: answers)
            }
            for item in settled.applied { outcomes.succeed(batch.items[items[item].place].index) }
            for (item, error) in settled.failed { fail(items[item], error, over: connection, into: &outcomes) }
            if let lost { throw lost }
            try connection.throwIfInterrupted()
        }
    }

    private mutating func sendAlone(
        _ item: Item, over connection: Connection, into outcomes: inout CertainOutcomes, _ call: Call
    ) throws(Failure) {
        // A message is a transaction: all the parts of a template's statement, or none.
        let answer = try connection.message(statement(of: item).message, call)
        if connection.isInTransaction {
            _ = try connection.message("ROLLBACK", call)
            let failure = Failure(
                .invalid, "\(subject(item)): the statement left a transaction open; it was rolled back")
            outcomes.fail(batch.items[item.place].index, failure)
        } else if let error = answer.error {
            fail(item, error, over: connection, into: &outcomes)
        } else {
            outcomes.succeed(batch.items[item.place].index)
        }
        try connection.throwIfInterrupted()
    }

    /// What is asked about the next batch mostly has room behind the statements of one, without moving them.
    private static let roomForQuestion = 1 << 12

    private static func joined(_ items: some Collection<Item>, of batch: Batch) -> String {
        let all = batch.items.span
        var message = ""
        message.reserveCapacity(items.reduce(roomForQuestion) { $0 + all[$1.place].statement.text.utf8.count + 2 })
        for item in items {
            message += all[item.place].statement.text
            message += ";\n"
        }
        return message
    }

    private func statement(of item: Item) -> Statement {
        batch.items[item.place].statement
    }

    /// What a message says an item is about: the first change of its statement.
    private func change(of item: Item) -> Change {
        batch.changes[statement(of: item).changes[0]]
    }

    /// Who is to own something by a statement of our own; nil: it gives nothing away.
    private func newOwner(of item: Item) -> String? {
        let change = change(of: item)
        return change.attribute == "owner" && statement(of: item).parts.isEmpty ? change.value : nil
    }

    private mutating func fail(
        _ item: Item, _ error: ServerError, over connection: Connection, into outcomes: inout CertainOutcomes
    ) {
        // Ended because the host asked to stop: the call says so, and the statement stays unsettled.
        if error.isInterrupted, connection.interruption != nil { return }
        if error.status == .denied {
            denied.append((item, error))
        } else if error.isMissingRole, let owner = newOwner(of: item) {
            outcomes.fail(batch.items[item.place].index, Roles.missing(owner))
        } else {
            outcomes.fail(batch.items[item.place].index, error.failure)
        }
    }

    private func explainDenied(
        over reader: Reader, into outcomes: inout CertainOutcomes, _ call: Call
    ) throws(Failure) {
        guard !denied.isEmpty else { return }
        let concerned = denied.map { change(of: $0.item) }
        let reasons = try PrivilegeCheck(reader: reader, connection: reader.connection).failures(of: concerned, call)
        for (position, (item, error)) in denied.enumerated() {
            var failure = error.failure
            // What a template's statement needs, only its author knows.
            if statement(of: item).parts.isEmpty, let reason = reasons[position], reason.status == .denied {
                failure.message = reason.message
            }
            outcomes.fail(batch.items[item.place].index, failure)
        }
    }

    private func subject(_ item: Item) -> String {
        let change = change(of: item)
        return "\(change.attribute) of " + (ObjectKind(rawValue: change.kind) ?? .table).described(change.path)
    }
}

extension Statement {
    /// What is sent. A part may end in a comment, so what ends it stands in a line of its own.
    fileprivate var message: String { parts.count > 1 ? parts.joined(separator: "\n;\n") : text }
}
