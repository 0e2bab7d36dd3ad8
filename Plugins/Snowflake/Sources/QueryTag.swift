import RevmetaPlugin

/// What Snowflake's query history shows of a statement: `revmeta run 12, channel finance`.
enum QueryTag {
    /// Snowflake's limit.
    private static let mostCharacters = 2000

    static func text(_ settings: SnowflakeSettings, label: String?, channels: [String] = []) -> String {
        var text = settings.queryTag
        if let label { text += " " + label }
        let names = Set(channels).sorted()
        if !names.isEmpty { text += ", channel\(names.count == 1 ? "" : "s") " + names.joined(separator: ", ") }
        return String(text.replacing("\0", with: "").prefix(mostCharacters))
    }
}
