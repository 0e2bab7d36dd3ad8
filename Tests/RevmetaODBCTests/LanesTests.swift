import RevmetaODBC
import RevmetaPlugin
import RevmetaTestSupport
import Synchronization
import Testing

/// A connection as a lane holds it.
private final class Session: LaneSession {
    let connection: Connection
    private let lost = Mutex(false)

    init(_ string: ConnectionString) throws(Failure) {
        do throws(ODBCError) { connection = try Connection(string) } catch { throw error.failure(of: "connecting") }
    }

    var isLost: Bool { lost.withLock { $0 } }

    func cancel() { connection.cancel() }

    func close() { connection.close() }

    func value(_ sql: String) throws(Failure) -> String? {
        do throws(ODBCError) {
            return try connection.rows(sql).values.first?[0]
        } catch {
            if error.isOfConnection { lost.withLock { $0 = true } }
            throw error.failure(of: sql)
        }
    }
}

struct LanesTests {
    private let database: PostgresDatabase
    private let string: ConnectionString

    init() throws {
        database = try PostgresServer.shared.get().createDatabase()
        string = try Driver.postgres(driver: "PostgreSQL Unicode", database)
    }

    private func lanes(_ limit: Int) -> Lanes<Session> {
        let string = string
        return Lanes(limit: limit) { () throws(Failure) in try Session(string) }
    }

    private func answers(
        _ lanes: Lanes<Session>, _ statements: [String], check: () throws(Failure) -> Void = {}
    ) throws(Failure) -> [Swift.Result<String?, Failure>] {
        var answers: [Int: Swift.Result<String?, Failure>] = [:]
        try lanes.work(statements, check: check) { session, sql throws(Failure) in
            try session.value(sql)
        } take: { number, answer in answers[number] = answer }
        return statements.indices.compactMap { answers[$0] }
    }

    @Test
    func eachJobHasItsOwnAnswer() throws {
        let lanes = lanes(3)
        defer { lanes.close() }
        let numbers = (0..<100).map { "\($0)" }
        let answers = try answers(lanes, numbers.map { $0 == "50" ? "SELEKT" : "SELECT \($0)" })
        #expect(answers.count == 100)
        for (number, answer) in answers.enumerated() {
            switch answer {
            case .success(let value): #expect(value == "\(number)" && number != 50)
            case .failure(let failure): #expect(number == 50 && failure.message.contains("SELEKT"))
            }
        }
    }

    /// Each of three statements waits until all of them have begun, so they must run side by side.
    @Test
    func theyRunSideBySide() throws {
        let lanes = lanes(3)
        defer { lanes.close() }
        try database.query(
            """
            CREATE SEQUENCE arrivals;
            CREATE FUNCTION meet() RETURNS bigint LANGUAGE plpgsql AS $$
              BEGIN
                PERFORM nextval('arrivals');
                FOR tries IN 1..60000 LOOP
                  IF (SELECT last_value FROM arrivals) = 3 THEN RETURN 3; END IF;
                  PERFORM pg_sleep(0.01);
                END LOOP;
                RETURN 0;
              END $$
            """)
        let statements = Array(repeating: "SELECT meet()", count: 3) + Array(repeating: "SELECT 3", count: 12)
        let answers = try answers(lanes, statements)
        for answer in answers { #expect(try answer.get() == "3") }
    }

    @Test
    func fewJobsNeedOneConnection() throws {
        let lanes = lanes(8)
        defer { lanes.close() }
        let pids = try answers(lanes, Array(repeating: "SELECT pg_backend_pid()", count: 4)).map { try $0.get() }
        #expect(Set(pids).count == 1)
    }

    /// The third statement ends its own session; those after it have another.
    @Test
    func aLostConnectionCostsItsJobOnly() throws {
        let lanes = lanes(1)
        defer { lanes.close() }
        let answers = try answers(lanes, ["SELECT 1", "SELECT 2", "SELECT pg_terminate_backend(pg_backend_pid())", "SELECT 4"])
        #expect(answers.map { try? $0.get() } == ["1", "2", nil, "4"])
        #expect(answers[2] != .success(nil))
    }

    @Test
    func whoWantsToStopNeedNotWaitForTheSource() throws {
        let lanes = lanes(2)
        defer { lanes.close() }
        var asked = 0
        let failure = try #require(throws: Failure.self) {
            _ = try answers(lanes, Array(repeating: "SELECT pg_sleep(600)", count: 20)) { () throws(Failure) in
                asked += 1
                if asked == 5 { throw Failure.cancelled }
            }
        }
        #expect(failure == .cancelled)
        // Nothing runs any more, and the lanes can be used again.
        #expect(try answers(lanes, ["SELECT 1"]).map { try $0.get() } == ["1"])
    }

    @Test
    func whereNoLaneConnectsTheReasonIsTold() throws {
        let lanes = Lanes<Session>(limit: 4) { () throws(Failure) in throw Failure(.denied, "no entry") }
        defer { lanes.close() }
        let answers = try answers(lanes, Array(repeating: "SELECT 1", count: 30))
        #expect(answers.count == 30)
        for answer in answers { #expect(answer == .failure(Failure(.denied, "no entry"))) }
    }

    /// As where a source allows so many connections.
    @Test
    func whereOneLaneConnectsItDoesAll() throws {
        let opened = Atomic<Int>(0), string = string
        let lanes = Lanes<Session>(limit: 4) { () throws(Failure) in
            guard opened.add(1, ordering: .relaxed).newValue == 1 else { throw Failure(.transient, "too many") }
            return try Session(string)
        }
        defer { lanes.close() }
        let answers = try answers(lanes, (0..<40).map { "SELECT \($0)" })
        #expect(answers.compactMap { try? $0.get() } == (0..<40).map { "\($0)" })
    }

    /// As a driver that hangs in connecting.
    @Test
    func aDriverThatNeverAnswersIsNotWaitedFor() throws {
        let gate = Mutex(false)
        let lanes = Lanes<Session>(limit: 1) { () throws(Failure) in
            while !gate.withLock({ $0 }) { sleep(milliseconds: 10) }
            throw Failure(.failed, "at last")
        }
        defer {
            gate.withLock { $0 = true }
            lanes.close()
        }
        let failure = try #require(throws: Failure.self) {
            try lanes.work([0], seconds: 1, check: {}) { _, _ in } take: { _, _ in }
        }
        #expect(failure.status == .transient)
        #expect(failure.message == "the driver did not answer within 1 s")
    }
}
