/// The rows of one result, as text.
public struct Rows: Sendable, Equatable {
    /// The names of the columns, as the driver gives them.
    public var columns: [String]
    /// Nil: NULL.
    public var values: [[String?]]

    public init(columns: [String], values: [[String?]] = []) {
        self.columns = columns
        self.values = values
    }

    public var count: Int { values.count }

    /// The number of the column with a name; upper and lower case are one.
    public func column(_ name: String) -> Int? {
        columns.firstIndex { $0.lowercased() == name.lowercased() }
    }

    /// A value by its column's name; nil: it is NULL, or there is no such column.
    public func text(_ row: Int, _ name: String) -> String? {
        column(name).flatMap { values[row][$0] }
    }
}
