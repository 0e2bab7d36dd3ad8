internal import CRevmeta

/// A connector's table, copied, with its dialect. Every slot is set.
struct ConnectorTable: Sendable {
    let table: revmeta_connector
    let dialect: revmeta_dialect

    init(_ pointer: UnsafeRawPointer, of plugin: String) throws(UnusablePlugin) {
        table = try boundedCopy(pointer, as: revmeta_connector.self, of: "connector table", in: plugin)
        try checkSet(
            [
                "dialect": table.dialect != nil, "open": table.open != nil, "close": table.close != nil,
                "abilities": table.abilities != nil, "read": table.read != nil, "plan": table.plan != nil,
                "check": table.check != nil, "execute": table.execute != nil,
            ], of: "connector table", in: plugin)
        guard let pointer = table.dialect() else {
            throw UnusablePlugin("the connector of \(plugin) gave no dialect")
        }
        dialect = try Self.dialect(pointer, of: plugin)
    }

    private static func dialect(
        _ pointer: UnsafeRawPointer, of plugin: String
    ) throws(UnusablePlugin) -> revmeta_dialect {
        let copy = try boundedCopy(pointer, as: revmeta_dialect.self, of: "dialect", in: plugin)
        try checkSet(
            [
                "name": copy.name != nil, "literal_open": copy.literal_open != nil,
                "literal_close": copy.literal_close != nil, "list_open": copy.list_open != nil,
                "list_close": copy.list_close != nil, "list_separator": copy.list_separator != nil,
                "pair_open": copy.pair_open != nil, "pair_separator": copy.pair_separator != nil,
                "pair_close": copy.pair_close != nil, "statement_end": copy.statement_end != nil,
            ], of: "dialect", in: plugin)
        guard (copy.identifier_open == nil) == (copy.identifier_close == nil) else {
            throw UnusablePlugin(
                "the dialect of \(plugin) sets one of identifier_open and identifier_close: both must be set, or "
                    + "neither")
        }
        return copy
    }
}
