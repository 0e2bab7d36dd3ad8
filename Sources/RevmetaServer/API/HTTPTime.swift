internal import Glibc

/// The time as HTTP has it: `Wed, 21 Oct 2015 07:28:00 GMT`.
enum HTTPTime {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    static func text(of time: time_t) -> String {
        var time = time, parts = tm()
        gmtime_r(&time, &parts)
        func padded(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = days[Int(parts.tm_wday)], month = months[Int(parts.tm_mon)], year = parts.tm_year + 1900
        let date = "\(day), \(padded(parts.tm_mday)) \(month) \(year)"
        return "\(date) \(padded(parts.tm_hour)):\(padded(parts.tm_min)):\(padded(parts.tm_sec)) GMT"
    }
}
