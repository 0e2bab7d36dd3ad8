/// Samples of one name, as Prometheus reads them: its text format, version 0.0.4.
struct MetricFamily {
    enum Kind: String {
        case counter, gauge, histogram
    }

    struct Sample {
        /// What stands after the family's name: `_bucket`, `_sum`, `_count`.
        var suffix = ""
        var labels: [(name: String, value: String)]
        var value: Double
    }

    var name: String
    var help: String
    var kind: Kind
    var samples: [Sample] = []

    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    mutating func add(_ value: Double, suffix: String = "", _ labels: KeyValuePairs<String, String> = [:]) {
        samples.append(Sample(suffix: suffix, labels: labels.map { ($0.key, $0.value) }, value: value))
    }

    /// The family's lines; a family without samples has its two first ones.
    var text: String {
        var text = "# HELP \(name) \(Self.escaped(help, quotes: false))\n# TYPE \(name) \(kind.rawValue)\n"
        for sample in samples {
            let labels = sample.labels.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }
            text += name + sample.suffix
            if !labels.isEmpty { text += "{\(labels.joined(separator: ","))}" }
            text += " \(Self.number(sample.value))\n"
        }
        return text
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    static func number(_ value: Double) -> String {
        if value == .infinity { return "+Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }
}
