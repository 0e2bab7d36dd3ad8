import CLibpq
import Glibc
import RevmetaPlugin

// Nothing here blocks in libpq: what is sent and what is received both flow, so that neither side waits for a reader,
// and the host is asked ten times a second whether it still wants to wait.
//
// What is asked or posted is answered later: meanwhile there is work of our own, and other connections.

extension Connection {
    /// How a message of several statements ended.
    struct MessageAnswer {
        /// How many statements were done before the end, or before the error.
        var completed = 0
        /// Set: nothing of the message was kept.
        var error: ServerError?
        /// Of the queries at the message's end.
        var rows: [Rows] = []
    }

    /// Queries that are on their way.
    struct Asked {
        fileprivate var expected: [(query: Query, isPreparation: Bool)] = []
    }

    /// How a statement that ran in a transaction of its own ended. Nil: it was applied.
    typealias SingleAnswer = ServerError?

    /// Runs one query.
    func rows(_ query: Query, _ call: Call) throws(Failure) -> Rows {
        try rows([query], call)[0]
    }

    /// Runs queries in one round trip and gives their rows, in order.
    func rows(_ queries: [Query], _ call: Call) throws(Failure) -> [Rows] {
        try rows(of: ask(queries, call), call)
    }

    /// Sends queries whose rows are taken later. Nothing else may be sent before that.
    func ask(_ queries: [Query], _ call: Call) throws(Failure) -> Asked {
        var asked = Asked()
        guard !queries.isEmpty else { return asked }
        try begin(call)
        try accepted(PQenterPipelineMode(pgconn))
        for query in queries {
            if !prepared.contains(query.name), !asked.expected.contains(where: { $0.query.name == query.name }) {
                try accepted(PQsendPrepare(pgconn, query.name, query.text, 0, nil))
                asked.expected.append((query, true))
            }
            try sendPrepared(query)
            asked.expected.append((query, false))
        }
        try accepted(PQpipelineSync(pgconn))
        try waitUntilSent(call)
        return asked
    }

    /// Whether there is something of an answer, after so many milliseconds at most.
    func hasAnswer(waiting milliseconds: Int32) -> Bool {
        var descriptor = pollfd(fd: PQsocket(pgconn), events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, milliseconds) > 0
    }

    /// Waits for the rows of what was asked.
    func rows(of asked: Asked, _ call: Call) throws(Failure) -> [Rows] {
        guard !asked.expected.isEmpty else { return [] }
        var answers: [Rows] = []
        var failed: ServerError?
        for (query, isPreparation) in asked.expected {
            let result = try result(call)
            switch PQresultStatus(result) {
            case PGRES_TUPLES_OK:
                answers.append(Rows(taking: result))
            case PGRES_COMMAND_OK:
                if isPreparation { prepared.insert(query.name) }
                PQclear(result)
            default:
                if failed == nil { failed = ServerError(result) }
                PQclear(result)
            }
            try end(call)
        }
        PQclear(try result(call))  // the answer to the Sync
        try accepted(PQexitPipelineMode(pgconn))
        try throwIfInterrupted()
        if let failed { throw failed.failure(of: "reading the catalog of database \(database)") }
        return answers
    }

    /// Whether queries can stand in a message: the server knows them by their names already.
    func canAppend(_ queries: [Query]) -> Bool {
        queries.allSatisfy { prepared.contains($0.name) }
    }

    /// Sends statements as one message, which is one transaction.
    func message(_ text: String, _ call: Call) throws(Failure) -> MessageAnswer {
        try post(text, call)
        return try answer(reading: false, call)
    }

    /// Sends a message whose answer is taken later. Nothing else may be sent before that.
    func post(_ text: String, _ call: Call) throws(Failure) {
        try begin(call)
        // Lent as it is: passed on by itself it is copied, and most messages are large.
        try accepted(text.withCString { PQsendQuery(pgconn, $0) })
        try waitUntilSent(call)
    }

    /// Waits for the answer to what was posted.
    ///
    /// - Parameter reads: Whether there were queries at the message's end.
    func answer(reading reads: Bool, _ call: Call) throws(Failure) -> MessageAnswer {
        var answer = MessageAnswer()
        while let result = try nextResult(call) {
            switch PQresultStatus(result) {
            case PGRES_TUPLES_OK where reads:
                answer.rows.append(Rows(taking: result))
                continue
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: answer.completed += 1
            default: answer.error = answer.error ?? ServerError(result)
            }
            PQclear(result)
        }
        return answer
    }

    /// Sends statements at once, each as a transaction of its own. Answers are added as they become certain.
    func singly(_ texts: [String], into answers: inout [SingleAnswer], _ call: Call) throws(Failure) {
        try begin(call)
        try accepted(PQenterPipelineMode(pgconn))
        for text in texts {
            try accepted(PQsendQueryParams(pgconn, text, 0, nil, nil, nil, nil, 0))
            try accepted(PQpipelineSync(pgconn))
        }
        for _ in texts {
            var failed: ServerError?
            // A statement's own answer, then that of its Sync, which commits it and may still fail.
            while true {
                guard let result = try nextResult(call) else { continue }
                defer { PQclear(result) }
                let status = PQresultStatus(result)
                if status == PGRES_PIPELINE_SYNC { break }
                if status == PGRES_FATAL_ERROR, failed == nil { failed = ServerError(result) }
            }
            answers.append(failed)
        }
        try accepted(PQexitPipelineMode(pgconn))
    }

    /// Whether a transaction was left open, which only a statement of a user's own template can do.
    var isInTransaction: Bool {
        PQtransactionStatus(pgconn) != PQTRANS_IDLE
    }

    /// Throws if the host asked to stop during the last exchange.
    func throwIfInterrupted() throws(Failure) {
        guard let interruption else { return }
        self.interruption = nil
        throw interruption
    }
}

extension Connection {
    private func begin(_ call: Call) throws(Failure) {
        if let breakage { throw breakage }
        interruption = nil
        try call.checkCancelled()
    }

    private func sendPrepared(_ query: Query) throws(Failure) {
        let values = query.parameters.map { strdup($0) }
        defer { values.forEach { free($0) } }
        try accepted(PQsendQueryPrepared(
            pgconn, query.name, Int32(values.count), values.map { UnsafePointer($0) }, nil, nil, 0))
    }

    /// Checks that libpq took what it was given; it refuses only if the connection is gone.
    private func accepted(_ answer: Int32) throws(Failure) {
        if answer == 0 { throw broken(nil) }
    }

    /// The next result, where there must be one.
    private func result(_ call: Call) throws(Failure) -> OpaquePointer {
        guard let result = try nextResult(call) else { throw broken(nil) }
        return result
    }

    /// Reads past the end of one answer.
    private func end(_ call: Call) throws(Failure) {
        while let result = try nextResult(call) { PQclear(result) }
    }

    /// The next result, or nil at the end of an answer.
    private func nextResult(_ call: Call) throws(Failure) -> OpaquePointer? {
        try waitUntilReady(call)
        let result = PQgetResult(pgconn)
        guard PQstatus(pgconn) != CONNECTION_BAD else {
            let last = result.map { ServerError($0) }
            if let result { PQclear(result) }
            throw broken(last)
        }
        return result
    }

    private func waitUntilReady(_ call: Call) throws(Failure) {
        try wait(call) { _ in PQisBusy(pgconn) == 0 }
    }

    /// A failure to send is left to the answer, which may say why.
    private func waitUntilSent(_ call: Call) throws(Failure) {
        try wait(call) { unsent in unsent <= 0 }
    }

    private func wait(_ call: Call, until isEnough: (_ unsent: Int32) -> Bool) throws(Failure) {
        var waits = 0
        while true {
            let unsent = PQflush(pgconn)
            if isEnough(unsent) { return }
            guard unsent >= 0 else { throw broken(nil) }
            var descriptor = pollfd(
                fd: PQsocket(pgconn), events: Int16(unsent > 0 ? POLLIN | POLLOUT : POLLIN), revents: 0)
            let ready = poll(&descriptor, 1, 100)
            if ready > 0 {
                // A failure to read shows as a result that says so.
                if descriptor.revents & Int16(POLLIN | POLLERR | POLLHUP) != 0 { PQconsumeInput(pgconn) }
            } else if ready == 0 {
                whileWaiting?()
                try noticeInterruption(call, &waits)
            }
        }
    }

    /// Asks the host whether to go on waiting; if not, tells the server, again and again until it ends.
    private func noticeInterruption(_ call: Call, _ waits: inout Int) throws(Failure) {
        if interruption == nil {
            do { try call.checkCancelled() } catch { interruption = error }
        }
        guard interruption != nil else { return }
        waits += 1
        guard waits < 100 else { throw broken(nil) }  // ten seconds: the server no longer listens
        guard let cancel = PQgetCancel(pgconn) else { return }
        defer { PQfreeCancel(cancel) }
        var reason = [CChar](repeating: 0, count: 256)
        PQcancel(cancel, &reason, Int32(reason.count))
    }

    private func broken(_ last: ServerError?) -> Failure {
        if let breakage { return breakage }
        let reason = last?.message ?? String(cString: PQerrorMessage(pgconn))
        let line = reason.split { $0 == "\n" || $0 == "\t" }.joined(separator: "; ")
        let failure = Failure(
            .transient, "the connection to \(place) was lost: \(line)",
            sqlState: last.flatMap { $0.sqlState.isEmpty ? nil : $0.sqlState })
        breakage = failure
        return failure
    }
}
