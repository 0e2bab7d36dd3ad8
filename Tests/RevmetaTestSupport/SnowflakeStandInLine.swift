/// The lines that the stand-in's client reads and writes.
enum SnowflakeStandInLine {
    static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n").replacing("\t", with: "\\t")
    }

    static func fields(of line: Substring) -> [String] {
        line.split(separator: "\t", omittingEmptySubsequences: false).map(unescaped)
    }

    private static func unescaped(_ field: Substring) -> String {
        var text = ""
        var isEscaped = false
        for scalar in field.unicodeScalars {
            if isEscaped {
                text.unicodeScalars.append(scalar == "n" ? "\n" : scalar == "t" ? "\t" : scalar)
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    static func answers(in text: String) throws -> [SnowflakeStandIn.Answer] {
        var answers: [SnowflakeStandIn.Answer] = []
        var open = SnowflakeStandIn.Answer()
        for line in text.split(separator: "\n") {
            let raw = line.split(separator: "\t", omittingEmptySubsequences: false)
            let fields = raw.map(unescaped)
            switch fields[0] {
            case "columns":
                open = SnowflakeStandIn.Answer(columns: Array(fields.dropFirst()))
            case "row":
                open.rows.append(raw.dropFirst().map { $0 == "\\N" ? nil : unescaped($0) })
            case "ok":
                answers.append(open)
                open = SnowflakeStandIn.Answer()
            case "error" where fields.count == 4:
                answers.append(
                    .init(failure: .init(sqlState: fields[1], code: Int(fields[2]) ?? 0, message: fields[3])))
                open = SnowflakeStandIn.Answer()
            default:
                throw ServerProblem(description: "the stand-in's client said \(line)")
            }
        }
        return answers
    }
}
