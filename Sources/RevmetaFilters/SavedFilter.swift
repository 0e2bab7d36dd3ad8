public import RevmetaModel

/// A filter as Collate saves it, in its JSON.
public struct SavedFilter: Sendable, Equatable {
    public var condition: Condition
    /// What it probably does not mean, though it says so.
    public var warnings: [String] = []

    /// Reads a filter. The empty text selects everything, as it does in Collate.
    public init(_ text: String) throws(FilterError) {
        guard text.contains(where: { !$0.isWhitespace }) else {
            condition = .always
            return
        }
        let value = try JSONReader.read(text)
        guard case .object(let fields) = value else {
            throw FilterError("", "expected a filter as Collate saves it, {\"query\": {…}} or JsonLogic, found \(value.noun)")
        }
        if fields["query"] != nil {
            var filter = ElasticsearchFilter()
            condition = try filter.condition(fields)
            warnings = filter.warnings
        } else {
            var filter = JSONLogicFilter()
            condition = try filter.condition(value, at: "")
            warnings = filter.warnings
        }
    }
}
