import Glibc
import RevmetaPlugin

/// How a statement can be sent, judged by its text alone.
enum StatementShape: Equatable {
    /// A lone `COMMENT ON`: many of them go in one message, whose answers count its statements.
    case comment
    /// One statement: many of them are on their way at once, each in a transaction of its own.
    case single
    /// Perhaps several statements, as a template may write them: a message of its own.
    case several

    init(_ statement: borrowing Statement) {
        self = statement.parts.count > 1 ? .several : StatementShape(statement.text)
        // A template's may be about anything, so it goes on its own.
        if self == .comment, !statement.parts.isEmpty { self = .single }
    }

    /// Looks only as closely as it must to be sure; whatever is unusual is a message of its own.
    init(_ text: String) {
        guard text.withBytes(Self.isOnePlainStatement) else {
            self = .several
            return
        }
        self = text.hasPrefix("COMMENT ON ") ? .comment : .single
    }

    private static func isOnePlainStatement(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var previous: UInt8 = 0
        var index = 0
        while index < text.count {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "'") where prefixesLiteral(previous): return false
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                // A doubled quote closes and opens again, which comes to the same. The C library is faster at what is long.
                let inside = text[(index + 1)...]
                guard let start = UnsafeBufferPointer(rebasing: inside).baseAddress,
                    let close = memchr(start, Int32(byte), inside.count)
                else { return false }
                index += 1 + (UnsafeRawPointer(close) - UnsafeRawPointer(start))
            case UInt8(ascii: ";"), UInt8(ascii: "$"): return false
            case UInt8(ascii: "-") where previous == byte: return false
            case UInt8(ascii: "*") where previous == UInt8(ascii: "/"): return false
            default: break
            }
            previous = byte
            index += 1
        }
        return true
    }

    /// A letter or & right before a quote gives it other rules: E'it\'s', U&'\0041'.
    private static func prefixesLiteral(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "&")
    }
}
