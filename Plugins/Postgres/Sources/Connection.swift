import CLibpq
import Glibc
import RevmetaPlugin

/// One connection to a server, its session pinned to what the connector's statements depend on.
///
/// With ``Rows``, the only holder of libpq's pointers.
final class Connection {
    let pgconn: OpaquePointer
    /// For messages: `db.example.com:5432`.
    let place: String
    /// The name of the database, as the server has it.
    private(set) var database = ""
    private(set) var user = ""
    let flavour: Flavour
    private var isClosed = false

    /// Queries that this session has prepared.
    var prepared: Set<String> = []
    /// Why the host wanted the exchange under way to end; set as soon as the server was told.
    var interruption: Failure?
    /// Why nothing can be sent any more.
    var breakage: Failure?

    init(_ settings: ConnectionSettings, _ call: Call) throws(Failure) {
        let pgconn = try Self.connect(settings, call)
        do {
            flavour = try Flavour(version: Int(PQserverVersion(pgconn)))
        } catch {
            PQfinish(pgconn)
            throw error
        }
        self.pgconn = pgconn
        place = Self.place(pgconn)
        PQsetErrorVerbosity(pgconn, PQERRORS_DEFAULT)
        PQsetNoticeReceiver(pgconn, { _, _ in }, nil)
        PQsetnonblocking(pgconn, 1)
        try pin(settings, call)
    }

    deinit {
        close()
    }

    /// Ends the connection; the server then rolls back and frees the write lock.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        breakage = Failure(.invalid, "the connection to \(place) is closed")
        PQfinish(pgconn)
    }

    private func pin(_ settings: ConnectionSettings, _ call: Call) throws(Failure) {
        let pins = [
            ("standard_conforming_strings", "on"), ("search_path", "pg_catalog"),
            ("lock_timeout", "\(settings.lockTimeout)"), ("statement_timeout", "\(settings.statementTimeout)"),
            ("idle_in_transaction_session_timeout", "60000"),
            // The catalog queries' plans do not depend on their parameters: plan them once.
            ("plan_cache_mode", "force_generic_plan"),
        ]
        let text = pins.map { "pg_catalog.set_config('\($0.0)', '\($0.1)', false)" }.joined(separator: ", ")
        let rows = try rows(
            Query(
                name: "session",
                text: "SELECT pg_catalog.current_database(), current_user, "
                    + "pg_catalog.current_setting('server_encoding'), \(text)"),
            call)
        database = rows.text(0, 0) ?? ""
        user = rows.text(0, 1) ?? ""
        if rows.holds(0, 2, "SQL_ASCII") {
            call.log(
                .warning, "database \(database) has no encoding (SQL_ASCII): texts in it that are not UTF-8 are "
                    + "read with their unreadable bytes replaced")
        }
    }
}

extension Connection {
    /// Connects without ever blocking for longer than it takes to notice that the host wants to stop.
    private static func connect(_ settings: ConnectionSettings, _ call: Call) throws(Failure) -> OpaquePointer {
        guard let pgconn = start(settings.parameters) else { throw Failure(.failed, "libpq is out of memory") }
        do {
            PQsetErrorVerbosity(pgconn, PQERRORS_VERBOSE)
            try finishConnecting(pgconn, seconds: settings.connectTimeout, call)
            return pgconn
        } catch {
            PQfinish(pgconn)
            throw error
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

    private static func finishConnecting(_ pgconn: OpaquePointer, seconds: Int, _ call: Call) throws(Failure) {
        let clock = ContinuousClock()
        let end = clock.now + .seconds(seconds)
        guard PQstatus(pgconn) != CONNECTION_BAD else { throw failure(pgconn) }
        var wish = PGRES_POLLING_WRITING
        while wish != PGRES_POLLING_OK {
            guard wish != PGRES_POLLING_FAILED else { throw failure(pgconn) }
            var descriptor = pollfd(
                fd: PQsocket(pgconn), events: Int16(wish == PGRES_POLLING_READING ? POLLIN : POLLOUT), revents: 0)
            let ready = poll(&descriptor, 1, 100)
            try call.checkCancelled()
            if ready > 0 {
                wish = PQconnectPoll(pgconn)
            } else if clock.now >= end {
                throw Failure(
                    .transient,
                    "\(place(pgconn)) did not answer within \(seconds) s (connectTimeout); check hostPort, and that "
                        + "the server can be reached")
            }
        }
    }

    private static func failure(_ pgconn: OpaquePointer) -> Failure {
        ConnectFailure(
            report: String(cString: PQerrorMessage(pgconn)), place: place(pgconn),
            user: PQuser(pgconn).map { String(cString: $0) } ?? "the default user",
            database: PQdb(pgconn).map { String(cString: $0) } ?? "",
            needsPassword: PQconnectionNeedsPassword(pgconn) != 0
        ).failure
    }

    private static func place(_ pgconn: OpaquePointer) -> String {
        let host = PQhost(pgconn).map { String(cString: $0) } ?? ""
        let port = PQport(pgconn).map { String(cString: $0) } ?? ""
        return port.isEmpty ? host : "\(host):\(port)"
    }
}
