/// "Did you mean": the known name that is closest to an unknown one.
enum Suggestion {
    /// `: did you mean 'updateOwners'?`, or `alternative` if nothing known comes close.
    static func clause(for unknown: String, among known: [String], otherwise alternative: String = "") -> String {
        // Longer ones are no slips of the pen, and comparing them takes long.
        guard unknown.count <= 64 else { return alternative }
        let limit = max(1, unknown.count / 3)
        let closest = known.map { (name: $0, distance: distance(unknown.lowercased(), $0.lowercased())) }
            .min { $0.distance < $1.distance }
        guard let closest, closest.distance <= limit else { return alternative }
        return ": did you mean '\(closest.name)'?"
    }

    /// How many letters must be inserted, removed, replaced or swapped with their neighbour.
    private static func distance(_ one: String, _ other: String) -> Int {
        let (one, other) = (Array(one), Array(other))
        var rows = [Array(0...other.count)]
        for row in one.indices {
            var next = [row + 1]
            for column in other.indices {
                let replaced = rows[row][column] + (one[row] == other[column] ? 0 : 1)
                var least = min(replaced, rows[row][column + 1] + 1, next[column] + 1)
                if row > 0, column > 0, one[row] == other[column - 1], one[row - 1] == other[column] {
                    least = min(least, rows[row - 1][column - 1] + 1)
                }
                next.append(least)
            }
            rows.append(next)
        }
        return rows[one.count][other.count]
    }
}

extension [String] {
    /// `overwrite, keep or fail`.
    var alternatives: String {
        guard count > 1, let last else { return first ?? "" }
        return "\(dropLast().joined(separator: ", ")) or \(last)"
    }
}
