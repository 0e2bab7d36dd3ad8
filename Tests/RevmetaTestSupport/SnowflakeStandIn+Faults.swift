import Foundation

extension SnowflakeStandIn {
    /// What goes wrong with a statement.
    public enum Fault: Sendable {
        /// It is refused, and nothing is done.
        case fail(code: Int, sqlState: String, message: String)
        /// The connection is gone before the statement arrives.
        case drop
        /// The statement is done, and the connection gone before its answer arrives.
        case lose
        /// Nothing comes back until it is cancelled.
        case stall
        /// It is refused as the vendor's driver does it when the service answers "too many requests" for too long.
        case rateLimit
    }

    /// Plans a fault; several count each for itself, and the first that is due is done.
    /// - Parameters:
    ///   - containing: The statements that are looked at; empty: all. `CONNECT` is a session's beginning.
    ///   - after: How many of these pass before.
    ///   - times: How many of these then meet it.
    public func plan(_ fault: Fault, containing text: String = "", after skip: Int = 0, times: Int = 1) throws {
        let fields: [String] =
            switch fault {
            case .fail(let code, let sqlState, let message): ["fail", "\(code)", sqlState, message]
            case .drop: ["drop", "", "", ""]
            case .lose: ["lose", "", "", ""]
            case .stall: ["stall", "", "", ""]
            case .rateLimit: ["rate-limit", "", "", ""]
            }
        try append((["\(skip)", "\(times)"] + fields + [text]).joined(separator: "\t"), to: "faults")
    }

    /// How many faults are still to come: one that is under way is none of them.
    public var faultsLeft: Int {
        let text = (try? String(contentsOfFile: folder + "/faults", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").reduce(0) { sum, line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            return sum + (fields.count > 1 ? Int(fields[1]) ?? 0 : 0)
        }
    }

    /// No fault is planned from now on.
    public func forgetFaults() {
        try? FileManager.default.removeItem(atPath: folder + "/faults")
    }

    /// What an account can be told to do otherwise.
    public enum Setting: String, Sendable {
        /// Added to each statement.
        case delayMilliseconds = "delay_milliseconds"
        /// Up to which of the statements that changed something ACCOUNT_USAGE knows them, or `now`; without: none.
        case accountUsageAsOf = "account_usage_as_of"
        /// More rows than this from INFORMATION_SCHEMA are refused as too much data (090030).
        case informationSchemaRows = "information_schema_rows"
        /// More rows than this from SHOW are refused, instead of 10,000.
        case showRows = "show_rows"
        /// `enabled`: owners are transferred to active roles only, as of that bundle of behavior changes.
        case bundle202607 = "bundle_2026_07"
    }

    public func set(_ setting: Setting, _ value: String) throws {
        try append("\(setting.rawValue)=\(value)", to: "settings")
    }

    /// Lets a user in with an OAuth token.
    public func addToken(_ token: String, for user: String) throws {
        try append("\(token)\t\(user)", to: "tokens")
    }

    private func append(_ line: String, to name: String) throws {
        let path = "\(folder)/\(name)"
        let before = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        try (before + line + "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }
}
