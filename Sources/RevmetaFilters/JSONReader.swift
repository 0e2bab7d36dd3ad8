/// Reads the JSON of a filter, with the place of what is wrong.
///
/// A key that stands twice is an error: which of two clauses is meant, nobody can say.
struct JSONReader {
    private let bytes: [UInt8]
    private var position = 0

    /// Deeper than any filter, and far from the stack's end.
    private static let deepest = 200

    private init(_ text: String) {
        bytes = Array(text.utf8)
    }

    static func read(_ text: String) throws(FilterError) -> JSONValue {
        var reader = JSONReader(text)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.position == reader.bytes.count else { throw reader.wrong("expected the end, found more") }
        return value
    }

    private mutating func value(depth: Int) throws(FilterError) -> JSONValue {
        guard depth < Self.deepest else { throw wrong("it is nested deeper than \(Self.deepest) levels") }
        skipSpace()
        switch peek ?? 0 {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .list(try list(depth: depth))
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "t"): return try word("true", .truth(true))
        case UInt8(ascii: "f"): return try word("false", .truth(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default: throw wrong("expected a value")
        }
    }

    private mutating func object(depth: Int) throws(FilterError) -> [String: JSONValue] {
        position += 1
        var fields: [String: JSONValue] = [:]
        skipSpace()
        if take(UInt8(ascii: "}")) { return fields }
        while true {
            skipSpace()
            let start = position
            guard peek == UInt8(ascii: "\"") else { throw wrong("expected a key in quotes") }
            let key = try text()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw wrong("expected a colon") }
            guard fields.updateValue(try value(depth: depth + 1), forKey: key) == nil else {
                position = start
                throw wrong("the key '\(key)' stands twice")
            }
            skipSpace()
            if take(UInt8(ascii: "}")) { return fields }
            guard take(UInt8(ascii: ",")) else { throw wrong("expected a comma or }") }
        }
    }

    private mutating func list(depth: Int) throws(FilterError) -> [JSONValue] {
        position += 1
        var items: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return items }
        while true {
            items.append(try value(depth: depth + 1))
            skipSpace()
            if take(UInt8(ascii: "]")) { return items }
            guard take(UInt8(ascii: ",")) else { throw wrong("expected a comma or ]") }
        }
    }

    private mutating func text() throws(FilterError) -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                // A text of Swift's: its bytes are UTF-8.
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                position += 1
                text += Array(String(try escape()).utf8)
            case 0..<0x20: throw wrong("expected no control character in a text")
            default:
                text.append(byte)
                position += 1
            }
        }
        throw wrong("expected a \" at the text's end")
    }

    private mutating func escape() throws(FilterError) -> Character {
        guard let byte = peek else { throw wrong("expected an escape") }
        position += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Character(Unicode.Scalar(byte))
        case UInt8(ascii: "u"):
            var value = try hexadecimal()
            if (0xD800..<0xDC00).contains(value) {
                guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw wrong("expected the second half of a character") }
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw wrong("expected the second half of a character") }
                value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(value) else { throw wrong("expected a character, found half of one") }
            return Character(scalar)
        default: throw wrong("expected an escape such as \\n or \\u00e9")
        }
    }

    private mutating func hexadecimal() throws(FilterError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw wrong("expected four hexadecimal digits")
            }
            value = value << 4 + UInt32(digit)
            position += 1
        }
        return value
    }

    private mutating func number() throws(FilterError) -> Double {
        let start = position
        while let byte = peek, "+-.eE0123456789".utf8.contains(byte) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        let digits = text.drop { $0 == "-" }
        let isZeroed = digits.hasPrefix("0") && digits.dropFirst().first?.isNumber == true
        guard let number = Double(text), number.isFinite, digits.first?.isNumber == true, !isZeroed, text.last != "." else {
            position = start
            throw wrong("expected a number, found '\(text)'")
        }
        return number
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(FilterError) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw wrong("expected a value") }
        position += word.utf8.count
        return value
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    /// Lines and columns count from 1, columns in characters.
    private func wrong(_ what: String) -> FilterError {
        let before = bytes[..<min(position, bytes.count)]
        let line = before.count { $0 == 0x0A } + 1
        let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let column = before[start...].count { $0 & 0xC0 != 0x80 } + 1
        return FilterError(
            "", "expected a filter as Collate saves it, {\"query\": {…}}, found what is not valid JSON at line \(line), column "
                + "\(column): \(what)")
    }
}
