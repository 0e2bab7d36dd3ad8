/// A day of the Gregorian calendar.
///
/// Reckoned here and not with Foundation's calendar, which takes a thousand times as long.
struct CivilDay: Sendable, Hashable {
    /// Days since 1 January 1970.
    let number: Int
    let year: Int
    let month: Int
    let day: Int

    init(number: Int) {
        // Years that begin in March end with the leap day; eras of 400 years are all alike.
        let shifted = number + 719_468
        let era = shifted.dividedDown(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        self.number = number
    }

    /// The first of a month.
    init(year: Int, month: Int) {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear.dividedDown(by: 400)
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        number = era * 146_097 + dayOfEra - 719_468
        self.year = year
        self.month = month
        day = 1
    }

    /// 0 is Sunday.
    var weekday: Int { (number + 4) - (number + 4).dividedDown(by: 7) * 7 }

    var next: CivilDay { CivilDay(number: number + 1) }

    var firstOfNextMonth: CivilDay {
        month == 12 ? CivilDay(year: year + 1, month: 1) : CivilDay(year: year, month: month + 1)
    }
}

extension Int {
    /// Divided and rounded down, also below zero.
    func dividedDown(by divisor: Int) -> Int {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// Divided and rounded up, also below zero.
    func dividedUp(by divisor: Int) -> Int {
        -(-self).dividedDown(by: divisor)
    }
}
