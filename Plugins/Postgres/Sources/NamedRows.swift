import RevmetaPlugin

/// Some rows of an answer, found by a name that each has.
///
/// What is looked for most often comes in the order of the rows, so the next ones are tried before all are sorted by name.
struct NamedRows {
    private let rows: Rows
    private let range: Range<Int>
    private let column: Int32
    private var next: Int
    private var byName: [ExactText: Int]?

    /// - Parameter column: Of the names; NULL is none.
    init(_ rows: Rows, _ range: Range<Int>, column: Int32) {
        self.rows = rows
        self.range = range
        self.column = column
        next = range.lowerBound
    }

    /// The row that has a name, byte for byte; nil: none has.
    mutating func row(named name: String) -> Int? {
        if next < range.upperBound, rows.holds(next, column, name) {
            defer { next += 1 }
            return next
        }
        if byName == nil {
            if let row = (next..<range.upperBound).dropFirst().first(where: { rows.holds($0, column, name) }) {
                next = row + 1
                return row
            }
            byName = Dictionary(
                range.compactMap { row in rows.text(row, column).map { (ExactText($0), row) } }) { first, _ in first }
        }
        guard let row = byName?[ExactText(name)] else { return nil }
        next = row + 1
        return row
    }
}
