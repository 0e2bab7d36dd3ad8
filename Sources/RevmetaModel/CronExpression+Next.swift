public import Foundation

extension CronExpression {
    /// The first time after a moment that matches, by a zone's clock.
    ///
    /// Where the clock is changed, what cron does on Debian is done. An expression of intervals (its minute or hour begins
    /// with `*`) matches whatever the clock shows. One of fixed times does not match again what the clock shows twice; and if
    /// it matches something that the clock skips, it matches the moment right after the skip, once.
    public func next(after date: Date, in zone: TimeZone) -> Date {
        let clock = WallClock(zone: zone)
        let begin = Int(date.timeIntervalSince1970.rounded(.down))
        // Whole stretches in which the clock is not changed, one after another.
        var from = begin
        while true {
            let offset = clock.offset(at: from)
            var earliest = from == begin ? (from + offset).dividedDown(by: 60) + 1 : (from + offset).dividedUp(by: 60)
            if hasFixedTimes, let shownBefore = clock.endOfRepetition(at: from) {
                earliest = max(earliest, shownBefore.dividedUp(by: 60))
            }
            let match = firstMatch(from: earliest) * 60 - offset
            guard let change = clock.change(after: from, through: match) else {
                return Date(timeIntervalSince1970: Double(match))
            }
            if hasFixedTimes {
                let skipped = (change + offset).dividedUp(by: 60), shown = change + clock.offset(at: change)
                if skipped * 60 < shown, firstMatch(from: skipped) * 60 < shown {
                    return Date(timeIntervalSince1970: Double(change))
                }
            }
            from = change
        }
    }

    /// The first minute from one on that matches, both counted from 1970 as a clock shows them.
    private func firstMatch(from minute: Int) -> Int {
        var day = CivilDay(number: minute.dividedDown(by: 1440))
        var timeOfDay = minute - day.number * 1440
        // Ends: the days that never come have been refused.
        while true {
            if !months.contains(day.month) {
                day = day.firstOfNextMonth
                timeOfDay = 0
            } else if matches(day), let time = firstTime(from: timeOfDay) {
                return day.number * 1440 + time
            } else {
                day = day.next
                timeOfDay = 0
            }
        }
    }

    /// The first time of a day, in minutes; nil: there is none left that day.
    private func firstTime(from time: Int) -> Int? {
        guard let hour = hours.first(from: time / 60) else { return nil }
        if hour == time / 60 {
            if let minute = minutes.first(from: time % 60) { return hour * 60 + minute }
            return firstTime(from: (hour + 1) * 60)
        }
        return minutes.first(from: 0).map { hour * 60 + $0 }
    }
}

/// What a zone's clock shows, and when it is changed. Times are seconds since 1970.
private struct WallClock {
    let zone: TimeZone

    /// How far the clock is ahead of UTC.
    func offset(at second: Int) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))
    }

    /// The first second, after one and up to another, at which the clock has been changed; nil: it was not.
    ///
    /// Looked for a day at a time, with no use of `nextDaylightSavingTimeTransition`: zones change for other reasons too.
    func change(after begin: Int, through end: Int) -> Int? {
        let offset = offset(at: begin)
        var unchanged = begin
        while unchanged < end {
            var changed = min(unchanged + 86_400, end)
            if self.offset(at: changed) == offset {
                unchanged = changed
                continue
            }
            while changed - unchanged > 1 {
                let middle = unchanged + (changed - unchanged) / 2
                if self.offset(at: middle) == offset { unchanged = middle } else { changed = middle }
            }
            return changed
        }
        return nil
    }

    /// Up to when what the clock shows was shown before, by that clock, if it was put back within the last day.
    func endOfRepetition(at second: Int) -> Int? {
        let before = second - 86_400, offsetBefore = offset(at: before)
        guard offsetBefore > offset(at: second), let change = change(after: before, through: second) else { return nil }
        return change + offsetBefore
    }
}
