import Foundation
import RevmetaModel

extension Reader where Value == CronExpression {
    /// A time in cron's words.
    static let times = Reader(schema: Reader<Wording>.wording.schema) { element, reading in
        guard let wording = Reader<Wording>.wording.read(element, reading) else { return nil }
        do throws(CronExpression.Invalid) {
            return try CronExpression(wording.text)
        } catch {
            let isPublic = wording.shown != nil
            reading.report(element.place, isPublic ? error.description : error.descriptionWithoutText)
            return nil
        }
    }
}

extension Reader where Value == TimeZone {
    /// A zone of the tz database, by its name.
    static let timeZone = Reader(schema: Reader<Wording>.wording.schema) { element, reading in
        guard let wording = Reader<Wording>.wording.read(element, reading) else { return nil }
        if ["UTC", "GMT"].contains(wording.text) { return .gmt }
        // Foundation makes zones of texts such as GMT+5 too, and gives them another name.
        if let zone = TimeZone(identifier: wording.text), zone.identifier == wording.text { return zone }
        let suggestion = wording.shown == nil
            ? "" : Suggestion.clause(for: wording.text, among: TimeZone.knownTimeZoneIdentifiers)
        reading.report(
            element.place,
            "expected a time zone by its name in the tz database, such as Europe/Berlin or UTC"
                + (wording.shown.map { ", found \($0)" } ?? "") + suggestion)
        return nil
    }
}
