import Glibc
import RevmetaODBC
import RevmetaPlugin

/// A service's settings, checked.
struct SnowflakeSettings: Sendable {
    /// Where tags are read when a run is planned.
    enum TagSource: String, CaseIterable {
        /// Exact; a query or two for each table.
        case references
        /// A query for each schema, and up to two hours late.
        case accountUsage
    }

    let connection: ConnectionString
    /// For messages.
    let account: String
    let queryTag: String
    /// Seconds.
    let connectTimeout: Int
    let parallelism: Int
    let tagDatabase: String?
    let tagSchema: String?
    let createsTags: Bool
    let allowsPolicyTagChanges: Bool
    let allowsOwnershipLoss: Bool
    let tagSource: TagSource
    /// `SNOWFLAKE.ACCOUNT_USAGE`, as names.
    let accountUsage: ExactName
    /// The private key, if it was given as text; it goes when the settings go.
    private let key: PrivateFile?

    init(_ settings: Settings) throws(Failure) {
        func given(_ name: String) throws(Failure) -> String? {
            guard let value = settings[name], !value.isEmpty else { return nil }
            guard !value.utf8.contains(0) else { throw Failure(.config, "the setting '\(name)' holds a NUL character") }
            return value
        }
        func flag(_ name: String) throws(Failure) -> Bool {
            try settings.choice(name, of: ["true", "false"]) == "true"
        }
        account = try settings.required("account")
        guard !account.contains("/"), !account.contains(":"), !account.lowercased().contains(".snowflakecomputing.") else {
            throw Failure(
                .config, "the setting 'account' must be the account's identifier alone, like myorg-account123, without https:// "
                    + "and .snowflakecomputing.com; found '\(account)'")
        }
        var string = ConnectionString(driver: try given("driver") ?? "SnowflakeDSIIDriver")
        // What the user writes comes first: of two keys with one name the first counts.
        if let options = try given("connectionOptions"), !string.append(written: options) {
            throw Failure(
                .config, "the setting 'connectionOptions' must be written as key=value;key={value}, as a connection string is")
        }
        string.append("Server", account + ".snowflakecomputing.com")
        string.append("UID", try settings.required("username"))
        string.append("Warehouse", try settings.required("warehouse"))
        for (key, name) in [("Role", "role"), ("Database", "database")] {
            if let value = try given(name) { string.append(key, value) }
        }
        let secrets = ["password", "privateKey", "token"].filter { settings[$0]?.isEmpty == false }
        guard secrets.count == 1 else {
            let found = secrets.isEmpty ? "none" : secrets.joined(separator: " and ")
            throw Failure(.config, "give one of the settings password, privateKey and token; found \(found)")
        }
        var key: PrivateFile?
        if let password = try given("password") { string.append("PWD", password) }
        if let token = try given("token") {
            string.append("Authenticator", "OAUTH")
            string.append("Token", token)
        }
        if let privateKey = try given("privateKey") {
            string.append("Authenticator", "SNOWFLAKE_JWT")
            if privateKey.hasPrefix("-----BEGIN") {
                let file = try PrivateFile(holding: privateKey)
                string.append("PRIV_KEY_FILE", file.path)
                key = file
            } else {
                guard access(privateKey, R_OK) == 0 else {
                    throw Failure(.config, "the setting 'privateKey' names a file that cannot be read; give a path or PEM text")
                }
                string.append("PRIV_KEY_FILE", privateKey)
            }
            if let passphrase = try given("snowflakePrivatekeyPassphrase") { string.append("PRIV_KEY_FILE_PWD", passphrase) }
        }
        connection = string
        self.key = key
        queryTag = try given("queryTag") ?? "revmeta"
        connectTimeout = try settings.integer("connectTimeout", in: 1...3_600) ?? 60
        parallelism = try settings.integer("parallelism", in: 1...32) ?? 4
        tagDatabase = try given("tagDatabase")
        tagSchema = try given("tagSchema")
        createsTags = try flag("createTags")
        allowsPolicyTagChanges = try flag("allowPolicyTagChanges")
        allowsOwnershipLoss = try flag("allowOwnershipLoss")
        let source = try settings.choice("tagSource", of: TagSource.allCases.map(\.rawValue))
        tagSource = source.flatMap(TagSource.init) ?? .references
        let usage = (try given("accountUsageSchema") ?? "SNOWFLAKE.ACCOUNT_USAGE").split(separator: ".").map(String.init)
        guard usage.count == 2 else {
            throw Failure(.config, "the setting 'accountUsageSchema' must be a database and a schema: SNOWFLAKE.ACCOUNT_USAGE")
        }
        accountUsage = ExactName(usage)
    }
}
