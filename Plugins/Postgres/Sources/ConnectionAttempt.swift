import CLibpq
import Glibc
import RevmetaPlugin

/// A connection in the making, for who has something else to do meanwhile.
final class ConnectionAttempt {
    let settings: ConnectionSettings
    /// Nil: it was handed over.
    private var pgconn: OpaquePointer?
    private let end: ContinuousClock.Instant
    private var wish = PGRES_POLLING_WRITING

    /// Begins, and waits for nothing.
    init(_ settings: ConnectionSettings) throws(Failure) {
        guard let pgconn = Self.start(settings.parameters) else { throw Failure(.failed, "libpq is out of memory") }
        self.settings = settings
        self.pgconn = pgconn
        end = .now + .seconds(settings.connectTimeout)
        PQsetErrorVerbosity(pgconn, PQERRORS_VERBOSE)
        guard PQstatus(pgconn) != CONNECTION_BAD else { throw Self.failure(pgconn) }
        try proceed(waiting: 0)
    }

    deinit {
        if let pgconn { PQfinish(pgconn) }
    }

    /// Waits until the connection is made, and hands it over. Asks ten times a second whether the host still wants it.
    func finish(_ call: Call) throws(Failure) -> OpaquePointer {
        while wish != PGRES_POLLING_OK {
            try proceed(waiting: 100)
            try call.checkCancelled()
        }
        guard let pgconn else { throw Failure(.invalid, "the connection was handed over already") }
        self.pgconn = nil
        return pgconn
    }

    /// Whether the connection is made, after so many milliseconds at most.
    func isMade(waiting milliseconds: Int32) throws(Failure) -> Bool {
        try proceed(waiting: milliseconds)
        return wish == PGRES_POLLING_OK
    }

    /// Does what can be done after so many milliseconds.
    private func proceed(waiting milliseconds: Int32) throws(Failure) {
        guard let pgconn, wish != PGRES_POLLING_OK else { return }
        var descriptor = pollfd(
            fd: PQsocket(pgconn), events: Int16(wish == PGRES_POLLING_READING ? POLLIN : POLLOUT), revents: 0)
        if poll(&descriptor, 1, milliseconds) > 0 {
            wish = PQconnectPoll(pgconn)
            if wish == PGRES_POLLING_FAILED { throw Self.failure(pgconn) }
        } else if ContinuousClock.now >= end {
            throw Failure(
                .transient,
                "\(Connection.place(pgconn)) did not answer within \(settings.connectTimeout) s (connectTimeout); check "
                    + "hostPort, and that the server can be reached")
        }
    }

    private static func start(_ parameters: [(keyword: String, value: String)]) -> OpaquePointer? {
        let keywords = parameters.map { strdup($0.keyword) }
        let values = parameters.map { strdup($0.value) }
        defer { (keywords + values).forEach { free($0) } }
        func ended(_ texts: [UnsafeMutablePointer<CChar>?]) -> [UnsafePointer<CChar>?] {
            texts.map { UnsafePointer($0) } + [nil]
        }
        return PQconnectStartParams(ended(keywords), ended(values), 0)
    }

    private static func failure(_ pgconn: OpaquePointer) -> Failure {
        ConnectFailure(
            report: String(cString: PQerrorMessage(pgconn)), place: Connection.place(pgconn),
            user: PQuser(pgconn).map { String(cString: $0) } ?? "the default user",
            database: PQdb(pgconn).map { String(cString: $0) } ?? "",
            needsPassword: PQconnectionNeedsPassword(pgconn) != 0
        ).failure
    }
}
