import RevmetaPlugin

/// One batch on its way: what was planned for is compared with the source, then the statements are sent.
struct BatchRun {
    struct Item {
        /// The statement's index, for its outcome.
        var index: Int
        var statement: Statement
        var relation: Int
    }

    let connection: Connection
    let reader: Reader
    let changes: [Change]
    var items: [Item]
    /// Statements that lacked a privilege; which one is looked up once for all, at the end.
    private var denied: [(item: Item, error: ServerError)] = []

    init(connection: Connection, reader: Reader, changes: [Change], items: [Item]) {
        self.connection = connection
        self.reader = reader
        self.changes = changes
        self.items = items
    }

    mutating func run(into outcomes: borrowing OutcomeSink, _ call: Call) throws(Failure) {
        try compare(into: outcomes, call)
        // In the plan's order, as many together as are alike and follow each other.
        let shapes = items.map { StatementShape($0.statement.text) }
        var rest = items[...]
        while let first = rest.indices.first {
            let shape = shapes[first]
            let end = shapes[first...].firstIndex { $0 != shape } ?? shapes.endIndex
            let alike = Array(rest[..<end])
            rest = rest[end...]
            switch shape {
            case .comment: try send(alike, singly: false, into: outcomes, call)
            case .single: try send(alike, singly: true, into: outcomes, call)
            case .several: for item in alike { try sendAlone(item, into: outcomes, call) }
            }
        }
        try explainDenied(into: outcomes, call)
    }

    /// Reads the source once more, and drops what has moved since it was planned.
    private mutating func compare(into outcomes: borrowing OutcomeSink, _ call: Call) throws(Failure) {
        let carried = items.flatMap(\.statement.changes)
        let readings = try reader.read(carried.map { Entity(kind: changes[$0].kind, path: changes[$0].path) }, call)
        var position = 0
        var unmoved: [Item] = []
        unmoved.reserveCapacity(items.count)
        for item in items {
            let own = position..<(position + item.statement.changes.count)
            position = own.upperBound
            let moved = own.compactMap { changes[carried[$0]].moved(from: readings[$0]) }.first
            if let moved {
                try outcomes.fail(item.index, moved)
            } else {
                unmoved.append(item)
            }
        }
        items = unmoved
    }

    private mutating func send(
        _ items: [Item], singly: Bool, into outcomes: borrowing OutcomeSink, _ call: Call
    ) throws(Failure) {
        var plan = BatchPlan(relations: items.map(\.relation), singly: singly)
        while true {
            let settled: BatchPlan.Settled
            var lost: Failure?
            switch plan.step {
            case .done: return
            case .message(let sent):
                let answer = try connection.message(Self.joined(sent.map { items[$0].statement.text }), call)
                // Cancelled: nothing of the message was kept.
                if answer.error != nil { try connection.throwIfInterrupted() }
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
            for item in settled.applied { try outcomes.succeed(items[item].index) }
            for (item, error) in settled.failed { try fail(items[item], error, into: outcomes) }
            if let lost { throw lost }
            try connection.throwIfInterrupted()
        }
    }

    private mutating func sendAlone(
        _ item: Item, into outcomes: borrowing OutcomeSink, _ call: Call
    ) throws(Failure) {
        let answer = try connection.message(item.statement.text, call)
        if connection.isInTransaction {
            _ = try connection.message("ROLLBACK", call)
            let failure = Failure(
                .invalid, "\(subject(item)): the statement left a transaction open; it was rolled back")
            try outcomes.fail(item.index, failure)
        } else if let error = answer.error {
            try fail(item, error, into: outcomes)
        } else {
            try outcomes.succeed(item.index)
        }
        try connection.throwIfInterrupted()
    }

    private static func joined(_ texts: [String]) -> String {
        var message = ""
        message.reserveCapacity(texts.reduce(0) { $0 + $1.utf8.count + 2 })
        for text in texts {
            message += text
            message += ";\n"
        }
        return message
    }

    private mutating func fail(
        _ item: Item, _ error: ServerError, into outcomes: borrowing OutcomeSink
    ) throws(Failure) {
        // Ended because the host asked to stop: the call says so, and the statement stays unsettled.
        if error.isInterrupted, connection.interruption != nil { return }
        if error.status == .denied {
            denied.append((item, error))
        } else {
            try outcomes.fail(item.index, error.failure(of: subject(item)))
        }
    }

    private func explainDenied(into outcomes: borrowing OutcomeSink, _ call: Call) throws(Failure) {
        guard !denied.isEmpty else { return }
        let concerned = denied.map { changes[$0.item.statement.changes[0]] }
        let reasons = try PrivilegeCheck(reader: reader, connection: connection).failures(of: concerned, call)
        for (position, (item, error)) in denied.enumerated() {
            var failure = error.failure(of: subject(item))
            if let reason = reasons[position], reason.status == .denied { failure.message = reason.message }
            try outcomes.fail(item.index, failure)
        }
    }

    private func subject(_ item: Item) -> String {
        let change = changes[item.statement.changes[0]]
        return "\(change.attribute) of " + (ObjectKind(rawValue: change.kind) ?? .table).described(change.path)
    }
}
