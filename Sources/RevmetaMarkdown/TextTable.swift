/// A table as text: columns below each other, with a line below the header.
struct TextTable {
    private var rows: [(cells: [String], isHeader: Bool)] = []

    /// A wider cell does not widen the others.
    private static let widest = 60

    mutating func openRow(isHeader: Bool) { rows.append(([], isHeader)) }

    mutating func append(cell: String) {
        let line = cell.split(whereSeparator: \.isNewline).joined(separator: " ")
        if !rows.isEmpty { rows[rows.count - 1].cells.append(line) }
    }

    var text: String {
        let columns = rows.map(\.cells.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.cells.count ? min($0.cells[column].count, Self.widest) : 0 }.max() ?? 0
        }
        var lines: [String] = []
        for row in rows {
            lines.append(zip(row.cells, widths).map { cell, width in
                cell + String(repeating: " ", count: max(0, width - cell.count))
            }.joined(separator: " | "))
            if row.isHeader { lines.append(widths.map { String(repeating: "-", count: max($0, 1)) }.joined(separator: "-+-")) }
        }
        return lines.joined(separator: "\n")
    }
}
