import Foundation
import RevmetaModel
import Testing

/// The times that expressions mean, one after another.
@Suite struct CronTimesTests {
    private func times(_ text: String, after begin: Instant, in zone: String, count: Int) throws -> [String] {
        let expression = try CronExpression(text), zone = try #require(TimeZone(identifier: zone))
        var times: [Date] = [begin.date]
        for _ in 0..<count { times.append(expression.next(after: times.last ?? begin.date, in: zone)) }
        return times.dropFirst().map { $0.formatted(.iso8601) }
    }

    /// Written one beside the other, without the date's first half.
    private func check(
        _ text: String, after begin: Instant, in zone: String, are expected: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(
            try times(text, after: begin, in: zone, count: expected.count) == expected.map { $0 + ":00Z" },
            sourceLocation: sourceLocation)
    }

    @Test func theNextTimeIsLaterEvenIfOneIsNow() throws {
        try check("30 2 * * *", after: "2026-05-01T02:30:00Z", in: "UTC", are: ["2026-05-02T02:30"])
        try check("30 2 * * *", after: "2026-05-01T02:29:59Z", in: "UTC", are: ["2026-05-01T02:30"])
        #expect(
            try CronExpression("* * * * *").next(after: Date(timeIntervalSince1970: 59.9), in: .gmt)
                == Date(timeIntervalSince1970: 60))
        #expect(
            try CronExpression("* * * * *").next(after: Date(timeIntervalSince1970: -0.5), in: .gmt)
                == Date(timeIntervalSince1970: 0))
    }

    @Test func leapDays() throws {
        try check(
            "0 0 29 2 *", after: "2091-01-01T00:00:00Z", in: "UTC",
            are: ["2092-02-29T00:00", "2096-02-29T00:00", "2104-02-29T00:00", "2108-02-29T00:00"])
        // Saturdays and Sundays only, as a field that begins with * restricts together with the other.
        try check(
            "0 0 29 2 */6", after: "2080-03-01T00:00:00Z", in: "UTC",
            are: ["2088-02-29T00:00", "2116-02-29T00:00", "2128-02-29T00:00"])
    }

    @Test func endsOfMonthsAndYears() throws {
        try check(
            "59 23 31 * *", after: "2026-12-31T23:58:00Z", in: "UTC",
            are: ["2026-12-31T23:59", "2027-01-31T23:59", "2027-03-31T23:59", "2027-05-31T23:59"])
        try check("0 0 1 1 *", after: "2026-12-31T23:59:59Z", in: "UTC", are: ["2027-01-01T00:00", "2028-01-01T00:00"])
        try check("0 0 1 1 *", after: "2026-06-01T00:00:00Z", in: "Pacific/Kiritimati", are: ["2026-12-31T10:00"])
        try check("0 0 31 12 *", after: "2026-06-01T00:00:00Z", in: "Pacific/Pago_Pago", are: ["2026-12-31T11:00"])
    }

    @Test func eitherDayIsEnoughIfBothAreRestricted() throws {
        // 1 and 15 May 2026 are Fridays.
        try check(
            "0 0 1,13 * MON", after: "2026-05-01T00:00:00Z", in: "UTC",
            are: ["2026-05-04T00:00", "2026-05-11T00:00", "2026-05-13T00:00", "2026-05-18T00:00"])
        // A field that begins with * does not restrict: odd Mondays.
        try check(
            "0 0 */2 * MON", after: "2026-05-01T00:00:00Z", in: "UTC",
            are: ["2026-05-11T00:00", "2026-05-25T00:00", "2026-06-01T00:00"])
    }

    @Test func quartersOfHoursAreTheZones() throws {
        // Kathmandu is ahead by 5:45, and its clock is never changed.
        try check(
            "0 0 * * *", after: "2026-03-28T00:00:00Z", in: "Asia/Kathmandu", are: ["2026-03-28T18:15", "2026-03-29T18:15"])
    }

    // Berlin's clock goes from 2:00 to 3:00 on 29 March 2026 at 1:00 UTC, and from 3:00 to 2:00 on 25 October at 1:00 UTC.

    @Test func aSkippedTimeIsMadeUpForRightAfter() throws {
        try check(
            "30 2 * * *", after: "2026-03-27T12:00:00Z", in: "Europe/Berlin",
            are: ["2026-03-28T01:30", "2026-03-29T01:00", "2026-03-30T00:30"])
        // Once, also if several were skipped, or the moment matches itself.
        try check(
            "0,20,40 2,3 * * *", after: "2026-03-29T00:59:00Z", in: "Europe/Berlin",
            are: ["2026-03-29T01:00", "2026-03-29T01:20", "2026-03-29T01:40", "2026-03-30T00:00"])
        // Asked right before the change, and at it.
        try check("30 2 * * *", after: "2026-03-29T00:59:59Z", in: "Europe/Berlin", are: ["2026-03-29T01:00"])
        try check("30 2 * * *", after: "2026-03-29T01:00:00Z", in: "Europe/Berlin", are: ["2026-03-30T00:30"])
        // What is only skipped on other days is not made up for.
        try check("30 2 30 * *", after: "2026-03-28T12:00:00Z", in: "Europe/Berlin", are: ["2026-03-30T00:30"])
        try check("0 3 * * *", after: "2026-03-28T12:00:00Z", in: "Europe/Berlin", are: ["2026-03-29T01:00", "2026-03-30T01:00"])
    }

    @Test func aRepeatedTimeCountsTheFirstTime() throws {
        try check(
            "30 2 * * *", after: "2026-10-24T12:00:00Z", in: "Europe/Berlin",
            are: ["2026-10-25T00:30", "2026-10-26T01:30"])
        try check("0,30 2,3 25 * *", after: "2026-10-25T00:10:00Z", in: "Europe/Berlin", are: [
            "2026-10-25T00:30", "2026-10-25T02:00", "2026-10-25T02:30", "2026-11-25T01:00",
        ])
        // Asked between the two, and after the second.
        try check("30 2 * * *", after: "2026-10-25T01:10:00Z", in: "Europe/Berlin", are: ["2026-10-26T01:30"])
        try check("59 2 * * *", after: "2026-10-25T01:59:00Z", in: "Europe/Berlin", are: ["2026-10-26T01:59"])
    }

    @Test func intervalsGoOnThroughBothChanges() throws {
        try check(
            "*/30 * * * *", after: "2026-03-29T00:00:00Z", in: "Europe/Berlin",
            are: ["2026-03-29T00:30", "2026-03-29T01:00", "2026-03-29T01:30", "2026-03-29T02:00"])
        try check(
            "@hourly", after: "2026-10-24T23:30:00Z", in: "Europe/Berlin",
            are: ["2026-10-25T00:00", "2026-10-25T01:00", "2026-10-25T02:00", "2026-10-25T03:00"])
        // Minutes of one hour are an interval too, as cron has it: none when it is skipped, twice when it is repeated.
        try check(
            "*/30 2 * * *", after: "2026-03-28T02:00:00Z", in: "Europe/Berlin", are: ["2026-03-30T00:00", "2026-03-30T00:30"])
        try check(
            "*/30 2 * * *", after: "2026-10-24T12:00:00Z", in: "Europe/Berlin",
            are: ["2026-10-25T00:00", "2026-10-25T00:30", "2026-10-25T01:00", "2026-10-25T01:30", "2026-10-26T01:00"])
    }

    @Test func newYorkWestOfGreenwich() throws {
        // 8 March 2026, 7:00 UTC; 1 November, 6:00 UTC.
        try check(
            "15 2 * * SUN", after: "2026-03-07T12:00:00Z", in: "America/New_York", are: ["2026-03-08T07:00", "2026-03-15T06:15"])
        try check(
            "15 1 * * *", after: "2026-10-31T12:00:00Z", in: "America/New_York", are: ["2026-11-01T05:15", "2026-11-02T06:15"])
    }

    @Test func lordHoweByHalfAnHour() throws {
        // 4 October 2026: from 2:00 to 2:30 at 15:30 UTC of the day before. 5 April: from 2:00 to 1:30 at 15:00 UTC.
        try check(
            "15 2 * * *", after: "2026-10-03T00:00:00Z", in: "Australia/Lord_Howe", are: ["2026-10-03T15:30", "2026-10-04T15:15"])
        try check(
            "45 2 * * *", after: "2026-10-03T00:00:00Z", in: "Australia/Lord_Howe", are: ["2026-10-03T15:45", "2026-10-04T15:45"])
        try check(
            "45 1 * * *", after: "2026-04-04T00:00:00Z", in: "Australia/Lord_Howe", are: ["2026-04-04T14:45", "2026-04-05T15:15"])
        try check("45 * * * *", after: "2026-04-04T14:00:00Z", in: "Australia/Lord_Howe", are: [
            "2026-04-04T14:45", "2026-04-04T15:15", "2026-04-04T16:15",
        ])
    }

    @Test func casablancaBackForRamadan() throws {
        // 15 February 2026: from 3:00 to 2:00 at 2:00 UTC. 22 March: from 2:00 to 3:00 at 2:00 UTC.
        try check(
            "30 2 * * *", after: "2026-02-14T12:00:00Z", in: "Africa/Casablanca", are: ["2026-02-15T01:30", "2026-02-16T02:30"])
        try check(
            "30 2 * * *", after: "2026-03-21T12:00:00Z", in: "Africa/Casablanca", are: ["2026-03-22T02:00", "2026-03-23T01:30"])
    }

    @Test func midnightMayBeSkipped() throws {
        // Cairo's clock goes from 0:00 to 1:00 on 24 April 2026.
        try check(
            "@daily", after: "2026-04-23T12:00:00Z", in: "Africa/Cairo", are: ["2026-04-23T22:00", "2026-04-24T21:00"])
    }

    @Test func aWholeDayMayBeSkipped() throws {
        // Samoa went over the date line and had no 30 December 2011.
        try check(
            "0 12 * * *", after: "2011-12-29T00:00:00Z", in: "Pacific/Apia",
            are: ["2011-12-29T22:00", "2011-12-30T10:00", "2011-12-30T22:00"])
    }
}
