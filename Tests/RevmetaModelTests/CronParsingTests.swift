import Foundation
import RevmetaModel
import Testing

@Suite struct CronParsingTests {
    @Test(arguments: [
        ("5,10 0 * * *", "10,5  0 \t* * *"), ("0 0 * * 0", "0 0 * * 7"), ("0 0 * JAN,FEB SUN", "0 0 * 1-2 sun"),
        ("0 0 * * FRI-SUN", "0 0 * * 5-7"), ("0 0 * * SAT-SUN", "0 0 * * 0,6"), ("0 0 * * MON-SUN", "0 0 * * 0-6"),
        ("0-30/10 0 * * *", "0,10,20,30 0 * * *"), ("0 1-23/7 * * *", "0 1,8,15,22 * * *"), ("*/59 0 * * *", "*/59 00 * * *"),
        ("0 0 1 1 *", "@yearly"), ("0 0 1 1 *", "@annually"), ("0 0 1 * *", "@monthly"), ("0 0 * * 0", "@weekly"),
        ("0 0 * * *", "@daily"), ("0 0 * * *", "@Midnight"), ("0 * * * *", "@hourly"),
    ])
    func severalTextsMeanTheSame(one: String, other: String) throws {
        var date = Instant("2028-02-26T23:59:30Z").date
        let (one, other) = (try CronExpression(one), try CronExpression(other))
        for _ in 0..<40 {
            let next = one.next(after: date, in: .gmt)
            #expect(other.next(after: date, in: .gmt) == next)
            date = next
        }
    }

    @Test func theTextIsKeptWithSingleBlanks() throws {
        #expect(try CronExpression("  */5\t8-18   * * mon-FRI ").text == "*/5 8-18 * * mon-FRI")
        #expect(try CronExpression("@Daily").text == "@Daily")
    }

    @Test(arguments: [
        ("", "character 1: expected five fields (minute, hour, day of month, month, day of week), or a word such as @daily, found nothing"),
        ("0 0 * *", "character 8: expected five fields (minute, hour, day of month, month, day of week), or a word such as @daily, found 4 of them"),
        ("0 0 * * * *", "character 11: expected five fields (minute, hour, day of month, month, day of week), or a word such as @daily, found 6 of them"),
        ("@dayly", "character 1: expected one of @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually, found '@dayly'"),
        ("@reboot", "character 1: expected a time, which a restart is not: one of @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually, found '@reboot'"),
        ("@daily 5", "character 8: expected nothing after @daily, found '5'"),
        ("60 0 * * *", "field 1 (minute), character 1: expected a number from 0 to 59, found '60'"),
        ("0 24 * * *", "field 2 (hour), character 3: expected a number from 0 to 23, found '24'"),
        ("0 0 0 * *", "field 3 (day of month), character 5: expected a number from 1 to 31, found '0'"),
        ("0 0 * 13 *", "field 4 (month), character 7: expected a number from 1 to 12, or a name from JAN to DEC, found '13'"),
        ("0 0 * * 8", "field 5 (day of week), character 9: expected a number from 0 to 7, or a name from SUN to SAT, found '8'"),
        ("0 0 * * Monday", "field 5 (day of week), character 9: expected a number from 0 to 7, or a name from SUN to SAT, found 'Monday'"),
        ("0 0 * JUL-ocT,mai *", "field 4 (month), character 15: expected a number from 1 to 12, or a name from JAN to DEC, found 'mai'"),
        ("1,,2 0 * * *", "field 1 (minute), character 3: expected a number from 0 to 59, found nothing"),
        ("1, 0 * * *", "field 1 (minute), character 3: expected a number from 0 to 59, found nothing"),
        ("-5 0 * * *", "field 1 (minute), character 1: expected a number from 0 to 59, found nothing"),
        ("+5 0 * * *", "field 1 (minute), character 1: expected a number from 0 to 59, found '+5'"),
        ("005 0 * * *", "field 1 (minute), character 1: expected a number from 0 to 59, found '005'"),
        ("٣ 0 * * *", "field 1 (minute), character 1: expected a number from 0 to 59, found '٣'"),
        ("0 22-2 * * *", "field 2 (hour), character 3: expected a range that goes up: 22-23,0-2, found '22-2'"),
        ("0 0 * * FRI-MON", "field 5 (day of week), character 9: expected a range that goes up: FRI-6,0-MON, found 'FRI-MON'"),
        ("0 1-2-3 * * *", "field 2 (hour), character 7: expected a range of two ends, found '1-2-3'"),
        ("5/15 * * * *", "field 1 (minute), character 1: expected a step after * or a range only: 5-59/15, found '5/15'"),
        ("*/0 * * * *", "field 1 (minute), character 3: expected a step from 1 to 59, found '0'"),
        ("0 */24 * * *", "field 2 (hour), character 5: expected a step from 1 to 23, found '24'"),
        ("*/ * * * *", "field 1 (minute), character 3: expected a step from 1 to 59, found nothing"),
        ("*/5/5 * * * *", "field 1 (minute), character 5: expected one step, found '*/5/5'"),
        ("** * * * *", "field 1 (minute), character 1: expected a number from 0 to 59, found '**'"),
        ("0 0 ? * 1", "field 3 (day of month), character 5: expected a number from 1 to 31 (? is not cron's: write *), found '?'"),
        ("0 0 L * *", "field 3 (day of month), character 5: expected a number from 1 to 31 (L and W for the last and the nearest working day are not cron's), found 'L'"),
        ("0 0 15W * *", "field 3 (day of month), character 5: expected a number from 1 to 31 (L and W for the last and the nearest working day are not cron's), found '15W'"),
        ("0 0 * * 5L", "field 5 (day of week), character 9: expected a number from 0 to 7, or a name from SUN to SAT (L and W for the last and the nearest working day are not cron's), found '5L'"),
        ("0 0 * * 5#2", "field 5 (day of week), character 9: expected a number from 0 to 7, or a name from SUN to SAT (# for the nth day of the week in a month is not cron's), found '5#2'"),
        ("0 0 30 2 *", "field 3 (day of month), character 5: expected a day that its months have, found '30' with '2' for months, which never comes"),
        ("0 0 31 2,4,6,9,11 */2", "field 3 (day of month), character 5: expected a day that its months have, found '31' with '2,4,6,9,11' for months, which never comes"),
    ])
    func whatIsNoExpressionIsToldWithItsPlace(text: String, expected: String) throws {
        let error = try #require(throws: CronExpression.Invalid.self) { try CronExpression(text) }
        #expect(error.description == expected)
        #expect(expected.hasPrefix(error.descriptionWithoutText + ", found "))
    }

    @Test func aTextWithoutEndIsNotShown() throws {
        let text = String(repeating: "1,", count: 100_000) + "1 * * * *"
        let error = try #require(throws: CronExpression.Invalid.self) { try CronExpression(text) }
        #expect(error.description == "character 501: expected at most 500 of them, found 200009")
        // Each minute by itself, twice.
        let minutes = (0...59).map(String.init).joined(separator: ",")
        #expect(try CronExpression("\(minutes),\(minutes) * * * *").text.hasPrefix("0,1,"))
    }

    /// A day of the week comes in each month, so either of them is enough.
    @Test func aDayThatNeverComesMayStandBesideADayOfTheWeek() throws {
        let expression = try CronExpression("0 0 30 2 1")
        #expect(expression.next(after: Instant("2026-03-01T00:00:00Z").date, in: .gmt) == Instant("2027-02-01T00:00:00Z").date)
    }
}
