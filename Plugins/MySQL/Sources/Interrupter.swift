import CLibmariadb
import RevmetaPlugin
import Synchronization

/// Ends what a session's server works on, over a connection of its own.
final class Interrupter: Sendable {
    private let settings: ConnectionSettings
    private let connection: UInt
    private let isBusy = Mutex(false)

    init(_ settings: ConnectionSettings, connection: UInt) {
        self.settings = settings
        self.connection = connection
    }

    /// Whether the session waits for the server.
    func note(busy: Bool) {
        isBusy.withLock { $0 = busy }
    }

    /// Ends the statement that runs; does nothing if none does, so that the next one is not ended in its place.
    ///
    /// What goes wrong is not told: whoever waits notices by himself that nothing ends.
    func interrupt() {
        guard isBusy.withLock(\.self), let handle = try? settings.connect() else { return }
        defer { mysql_close(handle) }
        isBusy.withLock { isBusy in
            guard isBusy else { return }
            let text = "KILL QUERY \(connection)"
            mysql_real_query(handle, text, UInt(text.utf8.count))
        }
    }
}
