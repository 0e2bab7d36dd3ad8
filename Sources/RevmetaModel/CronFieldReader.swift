/// How one field of a cron expression is read: what numbers it may have, and their names.
struct CronFieldReader: Sendable {
    let position: Int
    let name: String
    let bounds: ClosedRange<Int>
    /// What `*` stands for.
    let all: ClosedRange<Int>
    /// Of the numbers from the lower bound on.
    var names: [String] = []

    static let all = [
        CronFieldReader(position: 1, name: "minute", bounds: 0...59, all: 0...59),
        CronFieldReader(position: 2, name: "hour", bounds: 0...23, all: 0...23),
        CronFieldReader(position: 3, name: "day of month", bounds: 1...31, all: 1...31),
        CronFieldReader(
            position: 4, name: "month", bounds: 1...12, all: 1...12,
            names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]),
        // 7 is Sunday too.
        CronFieldReader(
            position: 5, name: "day of week", bounds: 0...7, all: 0...6,
            names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]),
    ]

    func read(_ piece: Piece) throws(CronExpression.Invalid) -> CronField {
        var field = CronField(isWildcard: piece.text.hasPrefix("*"))
        for item in piece.split(by: ",") {
            let (range, step) = try parts(of: item)
            for number in stride(from: range.lowerBound, through: range.upperBound, by: step) {
                field.bits |= 1 << UInt64(number == 7 && position == 5 ? 0 : number)
            }
        }
        return field
    }

    private func parts(of item: Piece) throws(CronExpression.Invalid) -> (ClosedRange<Int>, step: Int) {
        let parts = item.split(by: "/")
        let range = try range(parts[0])
        guard parts.count > 1 else { return (range, 1) }
        guard parts.count == 2, parts[0].text == "*" || parts[0].text.dropFirst().contains("-") else {
            // Vixie's own cron takes 5/15 for 5 and says nothing; others take it for 5-59/15.
            throw invalid(
                parts.count == 2 ? item : parts[2],
                parts.count == 2
                    ? "a step after * or a range only: \(parts[0].text)-\(bounds.upperBound)/\(parts[1].text)" : "one step",
                item.text)
        }
        let most = all.upperBound - all.lowerBound
        guard let step = Self.number(parts[1].text), (1...most).contains(step) else {
            throw invalid(parts[1], "a step from 1 to \(most)", parts[1].text)
        }
        return (range, step)
    }

    private func range(_ piece: Piece) throws(CronExpression.Invalid) -> ClosedRange<Int> {
        if piece.text == "*" { return all }
        let ends = piece.split(by: "-")
        guard ends.count <= 2 else { throw invalid(ends[2], "a range of two ends", piece.text) }
        let lower = try value(ends[0])
        guard ends.count == 2 else { return lower...lower }
        var upper = try value(ends[1])
        // FRI-SUN goes up, as FRI-7 does.
        if upper == 0, position == 5, lower > 0, ends[1].text.uppercased() == "SUN" { upper = 7 }
        guard lower <= upper else {
            throw invalid(
                piece, "a range that goes up: \(ends[0].text)-\(all.upperBound),\(all.lowerBound)-\(ends[1].text)", piece.text)
        }
        return lower...upper
    }

    private func value(_ piece: Piece) throws(CronExpression.Invalid) -> Int {
        if let number = Self.number(piece.text), bounds.contains(number) { return number }
        if let index = names.firstIndex(of: piece.text.uppercased()) { return (position == 5 ? 0 : 1) + index }
        throw invalid(piece, "\(values)\(advice(piece.text))", piece.text)
    }

    private var values: String {
        let numbers = "a number from \(bounds.lowerBound) to \(bounds.upperBound)"
        guard let first = names.first, let last = names.last else { return numbers }
        return "\(numbers), or a name from \(first) to \(last)"
    }

    /// What may have been meant by what others than cron understand.
    private func advice(_ text: String) -> String {
        if text == "?" { return " (? is not cron's: write *)" }
        if text.contains("#") { return " (# for the nth day of the week in a month is not cron's)" }
        if text.uppercased().hasSuffix("L") || text.uppercased().hasSuffix("W"), names.isEmpty || text.count < 3 {
            return " (L and W for the last and the nearest working day are not cron's)"
        }
        return ""
    }

    private func invalid(_ piece: Piece, _ expected: String, _ found: String) -> CronExpression.Invalid {
        CronExpression.Invalid(
            field: position, column: piece.column, expected: expected, found: found.isEmpty ? "nothing" : "'\(found)'")
    }

    /// At most two digits; no sign.
    private static func number(_ text: String) -> Int? {
        (1...2).contains(text.unicodeScalars.count) && text.unicodeScalars.allSatisfy { ("0"..."9").contains($0) } ? Int(text) : nil
    }
}
