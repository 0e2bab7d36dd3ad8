import CLibmariadb
import Glibc
import RevmetaPlugin

/// One connection to a server, its session pinned to what the connector's statements depend on.
///
/// With ``Rows`` and ``Interrupter``, the only holder of libmariadb's pointers.
final class Connection {
    let settings: ConnectionSettings
    let flavour: Flavour
    /// The account that the server took the user for: `metadata_writer@%`.
    let account: Account
    let interrupter: Interrupter
    private let handle: Handle
    private var isClosed = false
    /// Why the host wanted the exchange under way to end; set as soon as the server was told.
    private var interruption: Failure?
    /// Why nothing can be sent any more.
    private var breakage: Failure?

    /// How a statement ended.
    enum Answer {
        case rows(Rows)
        case error(ServerError)
    }

    init(_ settings: ConnectionSettings, _ call: Call) throws(Failure) {
        try call.checkCancelled()
        let handle = try settings.connect()
        self.settings = settings
        self.handle = handle
        interrupter = Interrupter(settings, connection: mysql_thread_id(handle))
        do {
            let start = try Self.pin(handle, settings)
            flavour = start.flavour
            account = start.account
        } catch {
            mysql_close(handle)
            throw error
        }
    }

    deinit {
        close()
    }

    /// Ends the connection; the server then frees the write lock.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        breakage = Failure(.invalid, "the connection to \(settings.place) is closed")
        mysql_close(handle)
    }

    /// Whether nothing can be sent any more.
    var isLost: Bool { breakage != nil }

    /// Runs one statement and gives its rows.
    func rows(_ text: String, of what: String, _ call: Call, isDue: Bool = false) throws(Failure) -> Rows {
        switch try answer(to: text, call, isDue: isDue) {
        case .rows(let rows):
            if !isDue { try throwIfInterrupted() }
            return rows
        case .error(let error):
            try throwIfInterrupted()
            throw error.failure(of: what)
        }
    }

    /// Runs one statement. If the host wanted it to end, that is noted for ``throwIfInterrupted()``: the answer still
    /// says what became of it.
    /// - Parameter isDue: It is sent even if the host has no more time; what it asks for is at hand.
    func answer(to text: String, _ call: Call, isDue: Bool = false) throws(Failure) -> Answer {
        if let breakage { throw breakage }
        interruption = nil
        if !isDue { try call.checkCancelled() }
        interrupter.note(busy: true)
        defer { interrupter.note(busy: false) }
        guard mysql_send_query(handle, text, UInt(text.utf8.count)) == 0 else { return try failed() }
        try waitForAnswer(call)
        guard mysql_read_query_result(handle) == 0 else { return try failed() }
        let result = mysql_store_result(handle)
        if result == nil, mysql_errno(handle) != 0 { return try failed() }
        return .rows(Rows(taking: result))
    }

    /// Throws if the host asked to stop during the last exchange.
    func throwIfInterrupted() throws(Failure) {
        guard let interruption else { return }
        self.interruption = nil
        throw interruption
    }

    private func failed() throws(Failure) -> Answer {
        let error = ServerError(handle)
        guard error.isLost else { return .error(error) }
        throw broken(error)
    }

    private func broken(_ error: ServerError?) -> Failure {
        let reason = error?.message ?? "the server did not give up what it was working on"
        let failure = Failure(
            .transient, "the connection to \(settings.place) was lost: \(reason)",
            vendorCode: Int32(error?.number ?? 0))
        breakage = failure
        return failure
    }

    /// Waits until the answer begins to come. Ten times a second the host is asked whether it still wants to wait; if
    /// not, the server is told, again and again until it ends.
    private func waitForAnswer(_ call: Call) throws(Failure) {
        var waits = 0
        while true {
            var descriptor = pollfd(fd: Int32(mysql_get_socket(handle)), events: Int16(POLLIN), revents: 0)
            let ready = poll(&descriptor, 1, 100)
            if ready > 0 { return }
            guard ready == 0 else { continue }  // a signal
            if interruption == nil {
                do { try call.checkCancelled() } catch { interruption = error }
            }
            guard interruption != nil else { continue }
            guard waits < 100 else { throw broken(nil) }  // ten seconds: the server no longer listens
            if waits.isMultiple(of: 10) { interrupter.interrupt() }
            waits += 1
        }
    }
}

extension Connection {
    /// Sets what statements depend on, and asks who is there. Each is answered at once.
    private static func pin(
        _ handle: Handle, _ settings: ConnectionSettings
    ) throws(Failure) -> (flavour: Flavour, account: Account) {
        func run(_ text: String) throws(Failure) -> Rows {
            guard mysql_real_query(handle, text, UInt(text.utf8.count)) == 0 else {
                throw ServerError(handle).failure(connectingTo: settings)
            }
            return Rows(taking: mysql_store_result(handle))
        }
        _ = try run("SET SESSION \(SessionPins.assignments(lockSeconds: settings.lockTimeout)), autocommit = 1")
        let rows = try run("SELECT version(), current_user(), @@explicit_defaults_for_timestamp")
        guard rows.next() else { throw Failure(.failed, "\(settings.place) did not say which server it is") }
        if rows.text(2) == "0" {
            // Else a TIMESTAMP column without a default gets one when it is restated. Not every server lets a session
            // set it; a table that would be changed is then found out by its definition.
            _ = try? run("SET SESSION explicit_defaults_for_timestamp = 1")
        }
        var flavour = try Flavour(version: rows.text(0) ?? "")
        if flavour.isMariaDB, let format = try? run("SELECT @@global.mysql56_temporal_format"), format.next() {
            flavour.keepsTimesAsMySQL = format.text(0) != "0"
        }
        return (flavour, Account(rows.text(1) ?? ""))
    }
}
