/// Names that are known, to help who wrote another.
public struct Known: Sendable {
    private let names: [String]

    public init(_ names: [String]) {
        self.names = names.sorted()
    }

    /// `Known here: {column}, {table}`.
    public var sentence: String {
        names.isEmpty ? "None is known here" : "Known here: " + names.joined(separator: ", ")
    }

    /// The name that a mistyped one most likely means; nil: none is near.
    public func nearest(to name: String) -> String? {
        let name = String(name.prefix(40)).lowercased()
        let near = names.map { (name: $0, distance: Self.distance(Array(name.utf8), Array($0.lowercased().utf8))) }
            .min { $0.distance < $1.distance }
        guard let near, near.distance <= max(1, near.name.utf8.count / 3) else { return nil }
        return near.name
    }

    /// How many letters must be put in, left out or replaced, a pair of swapped ones counting as one.
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var rows = [Array(0...other.count)]
        for (row, letter) in one.enumerated() {
            var next = [row + 1]
            for (column, wanted) in other.enumerated() {
                var least = min(
                    rows[row][column] + (letter == wanted ? 0 : 1), rows[row][column + 1] + 1, next[column] + 1)
                if row > 0, column > 0, letter == other[column - 1], one[row - 1] == wanted {
                    least = min(least, rows[row - 1][column - 1] + 1)
                }
                next.append(least)
            }
            rows.append(next)
        }
        return rows[one.count][other.count]
    }
}
