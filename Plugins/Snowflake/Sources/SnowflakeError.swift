import RevmetaODBC
import RevmetaPlugin

extension ODBCError {
    /// Too much for INFORMATION_SCHEMA to answer (090030).
    var isTooMuchData: Bool { vendorCode == 90_030 }

    /// Whether the connection is of no use any more: it is gone, or Snowflake has ended its session.
    var endsSession: Bool {
        isOfConnection || [390_111, 390_112, 390_114, 390_195, 390_318].contains(vendorCode)
    }

    /// The failure of what was tried, by Snowflake's own numbers before the SQLSTATE.
    func snowflakeFailure(of what: String) -> Failure {
        failure(of: what, snowflakeStatus)
    }

    /// The failure of connecting, with what to do if it is the driver that is not there.
    func connectFailure(to account: String) -> Failure {
        var failure = snowflakeFailure(of: "connecting to account \(account)")
        if ["IM002", "IM003"].contains(sqlState) {
            failure.message += "; install Snowflake's ODBC driver, and give the setting 'driver' the name that "
                + "odbcinst -q -d lists for it (that of 4.x is 'Snowflake ODBC'), or its library's path"
        }
        return failure
    }

    private var snowflakeStatus: Failure.Status {
        if isRateLimit { return .transient }
        switch vendorCode {
        // Does not exist or not authorized; Snowflake does not say which.
        case 2_003, 2_043: return .notFound
        case 3_001, 3_003, 3_540: return .denied
        // A wrong password, key or token, a role that the user does not have, a user who is locked or disabled.
        case 390_100, 390_101, 390_102, 390_144, 390_186, 390_189, 390_303: return .denied
        case 390_201: return .config
        // A lock that was waited for too long, a statement that was cancelled or took too long.
        case 625, 604, 630: return .transient
        default: return endsSession ? .transient : status
        }
    }

    /// Snowflake answers 429 to who asks too much, which drivers tell in their own words.
    private var isRateLimit: Bool {
        records.contains { record in
            let message = record.message.lowercased()
            return message.contains("too many requests") || message.contains("429") && message.contains("http")
        }
    }
}
