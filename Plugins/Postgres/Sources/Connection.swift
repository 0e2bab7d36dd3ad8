import CLibpq
import Glibc
import RevmetaPlugin

/// One connection to a server, its session pinned to what the connector's statements depend on.
///
/// With ``ConnectionAttempt`` and ``Rows``, the only holder of libpq's pointers.
final class Connection {
    let pgconn: OpaquePointer
    /// For messages: `db.example.com:5432`.
    let place: String
    /// The name of the database, as the server has it.
    private(set) var database = ""
    private(set) var user = ""
    /// The database's: `UTF8`.
    private(set) var encoding = ""
    let flavour: Flavour
    private var isClosed = false

    /// Queries that this session has prepared.
    var prepared: Set<String> = []
    /// Why the host wanted the exchange under way to end; set as soon as the server was told.
    var interruption: Failure?
    /// Called ten times a second while the server is waited for.
    var whileWaiting: (() -> Void)?
    /// Why nothing can be sent any more.
    var breakage: Failure?

    convenience init(_ settings: ConnectionSettings, _ call: Call) throws(Failure) {
        try self.init(ConnectionAttempt(settings), call)
        take(pinned: try rows(Self.pins(settings), call), call)
    }

    /// Connects. Nothing may be sent before what ``pins(_:)`` asks for.
    init(_ attempt: ConnectionAttempt, _ call: Call) throws(Failure) {
        let pgconn = try attempt.finish(call)
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

    /// The server's process for it.
    var backend: Int32 { PQbackendPID(pgconn) }

    static func place(_ pgconn: OpaquePointer) -> String {
        let host = PQhost(pgconn).map { String(cString: $0) } ?? ""
        let port = PQport(pgconn).map { String(cString: $0) } ?? ""
        return port.isEmpty ? host : "\(host):\(port)"
    }

    /// Pins the session to what the statements depend on, and asks where it is.
    static func pins(_ settings: ConnectionSettings) -> Query {
        let pins = [
            ("standard_conforming_strings", "on"), ("search_path", "pg_catalog"),
            ("lock_timeout", "\(settings.lockTimeout)"), ("statement_timeout", "\(settings.statementTimeout)"),
            ("idle_in_transaction_session_timeout", "60000"),
            // The catalog queries' plans do not depend on their parameters: plan them once.
            ("plan_cache_mode", "force_generic_plan"),
        ]
        let text = pins.map { "pg_catalog.set_config('\($0.0)', '\($0.1)', false)" }.joined(separator: ", ")
        return Query(
            name: "session",
            text: "SELECT pg_catalog.current_database(), current_user, "
                + "pg_catalog.current_setting('server_encoding'), \(text)")
    }

    /// Takes the answer to ``pins(_:)``.
    func take(pinned rows: Rows, _ call: Call) {
        database = rows.text(0, 0) ?? ""
        user = rows.text(0, 1) ?? ""
        encoding = rows.text(0, 2) ?? ""
        if encoding == "SQL_ASCII" {
            call.log(
                .warning, "database \(database) has no encoding (SQL_ASCII): texts in it that are not UTF-8 are "
                    + "read with their unreadable bytes replaced")
        }
    }
}
