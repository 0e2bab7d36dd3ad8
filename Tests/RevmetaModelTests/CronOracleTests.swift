import Foundation
import RevmetaModel
import Testing

/// The times of expressions against an oracle that walks from minute to minute with Foundation's calendar and knows nothing
/// of how they are reckoned.
@Suite struct CronOracleTests {
    /// Each with a moment near a change of its clock.
    private static let changes: [(zone: String, near: Instant)] = [
        ("Europe/Berlin", "2026-03-29T01:00:00Z"), ("Europe/Berlin", "2026-10-25T01:00:00Z"),
        ("America/New_York", "2026-03-08T07:00:00Z"), ("America/New_York", "2026-11-01T06:00:00Z"),
        ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"), ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"),
        ("Africa/Casablanca", "2026-02-15T02:00:00Z"), ("Africa/Casablanca", "2026-03-22T02:00:00Z"),
        ("Africa/Cairo", "2026-04-23T22:00:00Z"), ("America/Havana", "2026-11-01T05:00:00Z"),
        ("Asia/Kathmandu", "2026-02-28T18:15:00Z"), ("Pacific/Apia", "2011-12-30T10:00:00Z"), ("GMT", "2028-02-29T00:00:00Z"),
    ]

    @Test(arguments: changes.indices)
    func aroundAChange(index: Int) throws {
        let (name, near) = Self.changes[index]
        let oracle = Oracle(zone: try #require(TimeZone(identifier: name)), around: near.date)
        var random = SplitMix(seed: UInt64(index) &* 7919 &+ 1)
        for _ in 0..<150 {
            let expression = RandomExpression(near: near.date, in: oracle.zone, &random)
            let cron = try CronExpression(expression.text)
            let expected = oracle.times(of: expression)
            var date = oracle.begin, found: [Date] = []
            while found.count < 10_000 {
                date = cron.next(after: date, in: oracle.zone)
                guard date < oracle.end else { break }
                found.append(date)
            }
            #expect(found == expected, "\(expression.text) in \(name)")
            // Whenever it is asked, the answer is the same.
            for _ in 0..<10 {
                let moment = oracle.begin + Double.random(in: 0..<oracle.end.timeIntervalSince(oracle.begin), using: &random)
                let next = cron.next(after: moment, in: oracle.zone)
                #expect(next < oracle.end ? next == expected.first { $0 > moment } : expected.allSatisfy { $0 <= moment })
            }
        }
    }

    /// An oracle that never finds anything would agree with anybody who does not either.
    @Test func theOracleFindsWhatIsKnown() throws {
        let oracle = Oracle(zone: try #require(TimeZone(identifier: "Europe/Berlin")), around: Instant("2026-03-29T01:00:00Z").date)
        var random = SplitMix(seed: 3)
        let found = (0..<150).map { _ in oracle.times(of: RandomExpression(near: oracle.begin, in: oracle.zone, &random)).count }
        #expect(found.filter { $0 > 0 }.count > 75)
        #expect(found.contains(0))
    }
}

/// The sets of an expression, and the text that says them.
private struct RandomExpression {
    var text = ""
    var minutes: Set<Int> = [], hours: Set<Int> = [], days: Set<Int> = [], months: Set<Int> = [], weekdays: Set<Int> = []
    var wildcards: [Bool] = []

    init(near date: Date, in zone: TimeZone, _ random: inout SplitMix) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let now = calendar.dateComponents([.day, .month, .weekday], from: date)
        var texts: [String] = []
        func field(_ bounds: ClosedRange<Int>, favoured: Int?, stars: Int) -> Set<Int> {
            let (text, numbers) = Self.field(bounds, favoured, stars, &random)
            texts.append(text)
            wildcards.append(text.hasPrefix("*"))
            return numbers
        }
        minutes = field(0...59, favoured: [0, 30, 45][Int.random(in: 0...2, using: &random)], stars: 3)
        hours = field(0...23, favoured: Int.random(in: 0...3, using: &random), stars: 3)
        days = field(1...31, favoured: now.day, stars: 6)
        months = field(1...12, favoured: now.month, stars: 8)
        weekdays = field(0...6, favoured: now.weekday.map { $0 - 1 }, stars: 6)
        text = texts.joined(separator: " ")
        // Such days may never come.
        if wildcards[2] != wildcards[4], days.allSatisfy({ $0 > 28 }) { self = RandomExpression(near: date, in: zone, &random) }
    }

    private static func field(
        _ bounds: ClosedRange<Int>, _ favoured: Int?, _ stars: Int, _ random: inout SplitMix
    ) -> (String, Set<Int>) {
        switch Int.random(in: 0..<10, using: &random) {
        case ..<stars where stars > 3 || Bool.random(using: &random): return ("*", Set(bounds))
        case ..<stars:
            let step = Int.random(in: 1...(bounds.upperBound - bounds.lowerBound), using: &random)
            return ("*/\(step)", Set(stride(from: bounds.lowerBound, through: bounds.upperBound, by: step)))
        case 7:
            let lower = Int.random(in: bounds, using: &random), upper = Int.random(in: lower...bounds.upperBound, using: &random)
            let step = Int.random(in: 1...5, using: &random)
            return ("\(lower)-\(upper)/\(step)", Set(stride(from: lower, through: upper, by: step)))
        case 8:
            let numbers = Set((0..<4).map { _ in Int.random(in: bounds, using: &random) }).union(favoured.map { [$0] } ?? [])
            return (numbers.shuffled(using: &random).map(String.init).joined(separator: ","), numbers)
        default:
            let number = favoured ?? Int.random(in: bounds, using: &random)
            return ("\(number)", [number])
        }
    }
}

/// Three days of minutes, and what the clock shows in each.
private struct Oracle {
    struct Shown: Hashable {
        var month: Int, day: Int, weekday: Int, hour: Int, minute: Int
    }

    let zone: TimeZone
    let begin: Date
    let end: Date
    private let minutes: [(date: Date, shown: Shown, isRepeated: Bool, skipped: [Shown])]

    init(zone: TimeZone, around middle: Date) {
        self.zone = zone
        let begin = middle - 36 * 3600 - 60, end = middle + 36 * 3600
        self.begin = begin
        self.end = end
        var calendar = Calendar(identifier: .gregorian), plain = calendar
        calendar.timeZone = zone
        plain.timeZone = .gmt
        var seen: Set<Shown> = [], offset = zone.secondsFromGMT(for: begin)
        func shown(_ date: Date, _ calendar: Calendar) -> Shown {
            let parts = calendar.dateComponents([.month, .day, .weekday, .hour, .minute], from: date)
            return Shown(
                month: parts.month ?? 0, day: parts.day ?? 0, weekday: (parts.weekday ?? 0) - 1, hour: parts.hour ?? 0,
                minute: parts.minute ?? 0)
        }
        // A day earlier, for what is shown again.
        minutes = stride(from: -1440, to: Int(end.timeIntervalSince(begin) / 60), by: 1).map { index in
            let date = begin + Double(index) * 60
            let now = zone.secondsFromGMT(for: date)
            let skipped = stride(from: offset, to: now, by: 60).map { shown(date + Double($0), plain) }
            offset = now
            let shown = shown(date, calendar)
            return (date, shown, !seen.insert(shown).inserted, skipped)
        }
    }

    func times(of expression: RandomExpression) -> [Date] {
        let isInterval = expression.wildcards[0] || expression.wildcards[1]
        let isEither = !expression.wildcards[2] && !expression.wildcards[4]
        func matches(_ shown: Shown) -> Bool {
            let inMonth = expression.days.contains(shown.day), inWeek = expression.weekdays.contains(shown.weekday)
            return expression.minutes.contains(shown.minute) && expression.hours.contains(shown.hour)
                && expression.months.contains(shown.month) && (isEither ? inMonth || inWeek : inMonth && inWeek)
        }
        return minutes.filter { minute in
            guard minute.date > begin, minute.date < end else { return false }
            if isInterval { return matches(minute.shown) }
            return matches(minute.shown) && !minute.isRepeated || minute.skipped.contains(where: matches)
        }.map(\.date)
    }
}

private struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
