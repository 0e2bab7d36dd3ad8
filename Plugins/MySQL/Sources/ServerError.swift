import CLibmariadb
import RevmetaPlugin

/// An error as the server, or the client library, reports it.
struct ServerError: Equatable {
    var number: Int
    var sqlState: String
    var message: String
}

extension ServerError {
    static let lockTimeout: Int32 = 1205

    /// Who must act on the error.
    var status: Failure.Status {
        switch number {
        case 1205, 1213, 1317, 1969, 3024, 1040, 1203, 1226, 1053, 1077, 1927, 4031, 1158...1161, 2000...2003, 2006,
            2013, 2055:
            .transient
        case 1044, 1045, 1130, 1142, 1143, 1227, 1370, 1410, 1698, 1820, 1862, 3118, 4151: .denied
        case 1049, 1051, 1054, 1091, 1109, 1146: .notFound
        case 1290, 1792, 1836, 2005, 2026, 2058, 2059, 1251: .config
        case 1347, 1845, 1846, 4119: .unsupported
        default: .failed
        }
    }

    /// The connection is gone, or was never there.
    var isLost: Bool { (2000...2999).contains(number) || [1053, 1077, 1927, 4031].contains(number) }

    /// Ended from outside.
    var isInterrupted: Bool { number == 1317 }

    /// The failure of what was tried, in words: `comments of table shop.orders`.
    func failure(of what: String) -> Failure {
        failure(status, "\(what): \(sentence)")
    }

    private func failure(_ status: Failure.Status, _ message: String) -> Failure {
        Failure(
            status, message, sqlState: sqlState.isEmpty || sqlState == "00000" ? nil : sqlState,
            vendorCode: Int32(truncatingIfNeeded: number))
    }

    private var sentence: String {
        switch number {
        case 1205:
            "another session uses the table, and it was not free within lockTimeout; the next run tries again"
        case 1317: "somebody ended the statement (KILL); the next run tries again"
        case 1845, 1846:
            "the server would copy the whole table for it, which this connector did not expect, and which it must not "
                + "without being told (\(message)); please report this with what SHOW CREATE TABLE prints"
        case 1290, 1836, 1792:
            "the server only lets this user read (\(message)); give the primary server's address as hostPort"
        default: message
        }
    }

    /// What the client library says about a connection that did not come up, and to whom it matters.
    func failure(connectingTo settings: ConnectionSettings) -> Failure {
        let who = "could not connect to \(settings.place) as \(settings.userName)"
        switch number {
        case 1045, 1698:
            let next = settings.password == nil ? "none was given; set authType.password" : "check it and username"
            return failure(.denied, "\(who): the server refuses the user or the password; \(next)")
        case 1130: return failure(.denied, "\(who): \(message); the server knows no user of this name for this machine")
        case 2002, 2003: return failure(.transient, "\(who): \(message); check hostPort, and that the server runs")
        case 2005: return failure(.transient, "\(who): \(message); check hostPort")
        case 2026: return failure(.config, "\(who): \(message); check sslMode and sslConfig")
        case 2013, 2006, 2012:
            return failure(
                .transient, "\(who): the server did not answer within \(settings.connectTimeout) s "
                    + "(connectTimeout), or ended "
                    + "the connection (\(message)); check hostPort, and that a MySQL or MariaDB server listens there")
        default: return failure(status == .notFound ? .failed : status, "\(who): \(message)")
        }
    }
}

extension ServerError {
    /// What the last call on a connection says.
    init(_ handle: Handle) {
        self.init(
            number: Int(mysql_errno(handle)), sqlState: String(cString: mysql_sqlstate(handle)),
            message: String(cString: mysql_error(handle)))
    }
}
