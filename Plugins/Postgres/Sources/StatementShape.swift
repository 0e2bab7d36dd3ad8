/// How a statement can be sent, judged by its text alone.
enum StatementShape: Equatable {
    /// A lone `COMMENT ON`: many of them go in one message, whose answers count its statements.
    case comment
    /// One statement: many of them are on their way at once, each in a transaction of its own.
    case single
    /// Perhaps several statements, as a template may write them: a message of its own.
    case several

    /// Looks only as closely as it must to be sure; whatever is unusual is a message of its own.
    init(_ text: String) {
        var quote: UInt8?
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if let open = quote {
                // A doubled quote closes and opens again, which comes to the same.
                if byte == open { quote = nil }
            } else {
                switch byte {
                case UInt8(ascii: "'"), UInt8(ascii: "\""):
                    guard !Self.prefixesLiteral(previous) || byte == UInt8(ascii: "\"") else {
                        self = .several
                        return
                    }
                    quote = byte
                case UInt8(ascii: ";"), UInt8(ascii: "$"):
                    self = .several
                    return
                case UInt8(ascii: "-") where previous == byte, UInt8(ascii: "*") where previous == UInt8(ascii: "/"):
                    self = .several
                    return
                default: break
                }
            }
            previous = byte
        }
        if quote != nil {
            self = .several
        } else {
            self = text.hasPrefix("COMMENT ON ") ? .comment : .single
        }
    }

    /// A letter or & right before a quote gives it other rules: E'it\'s', U&'\0041'.
    private static func prefixesLiteral(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "&")
    }
}
