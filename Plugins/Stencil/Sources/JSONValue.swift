internal import RevmetaPlugin

/// A JSON text as the dictionaries, lists and texts that Stencil goes through.
///
/// Null, an empty text and an empty list are nothing, so that `{% if %}` and outputs see them as absent; an empty list
/// stands as an empty dictionary, since Stencil breaks off at the last of an empty list.
struct JSONValue {
    private let bytes: [UInt8]
    private var index = 0

    /// A catalog's answers are not deeper.
    private static let mostDepth = 100

    private struct Broken: Error {}

    static func list(_ items: [Any]) -> Any { items.isEmpty ? [String: Any]() : items }

    static func parsed(_ json: String) throws(Failure) -> Any? {
        var parser = JSONValue(bytes: Array(json.utf8))
        do throws(Broken) {
            let value = try parser.value(depth: 0)
            parser.skipBlanks()
            guard parser.index == parser.bytes.count else { throw Broken() }
            return value
        } catch {
            throw Failure(.invalid, "expected the entity as JSON, found what is none at byte \(parser.index)")
        }
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func value(depth: Int) throws(Broken) -> Any? {
        guard depth < Self.mostDepth else { throw Broken() }
        skipBlanks()
        switch next {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try array(depth)
        case UInt8(ascii: "\""):
            let text = try string()
            return text.isEmpty ? nil : text
        case UInt8(ascii: "t"): return try word("true", true)
        case UInt8(ascii: "f"): return try word("false", false)
        case UInt8(ascii: "n"): return try word("null", nil)
        default: return try number()
        }
    }

    private mutating func object(_ depth: Int) throws(Broken) -> Any {
        var object: [String: Any] = [:]
        index += 1
        skipBlanks()
        if takes("}") { return object }
        repeat {
            skipBlanks()
            let key = try string()
            skipBlanks()
            guard takes(":") else { throw Broken() }
            object[key] = try value(depth: depth + 1)
            skipBlanks()
        } while takes(",")
        guard takes("}") else { throw Broken() }
        return object
    }

    private mutating func array(_ depth: Int) throws(Broken) -> Any {
        var array: [Any] = []
        index += 1
        skipBlanks()
        if takes("]") { return Self.list(array) }
        repeat {
            if let item = try value(depth: depth + 1) { array.append(item) }
            skipBlanks()
        } while takes(",")
        guard takes("]") else { throw Broken() }
        return Self.list(array)
    }

    private mutating func string() throws(Broken) -> String {
        guard takes("\"") else { throw Broken() }
        var text: [UInt8] = []
        while let byte = next {
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &text)
            default: text.append(byte)
            }
        }
        throw Broken()
    }

    private mutating func escape(into text: inout [UInt8]) throws(Broken) {
        guard let byte = next else { throw Broken() }
        index += 1
        switch byte {
        case UInt8(ascii: "n"): text.append(UInt8(ascii: "\n"))
        case UInt8(ascii: "r"): text.append(UInt8(ascii: "\r"))
        case UInt8(ascii: "t"): text.append(UInt8(ascii: "\t"))
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "u"):
            var unit = UInt32(try hexadecimal())
            if (0xD800..<0xDC00).contains(unit), takes("\\"), takes("u") {
                let low = UInt32(try hexadecimal())
                guard (0xDC00..<0xE000).contains(low) else { throw Broken() }
                unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
            }
            text += Array(String(Character(Unicode.Scalar(unit) ?? "\u{FFFD}")).utf8)
        default: throw Broken()
        }
    }

    private mutating func hexadecimal() throws(Broken) -> UInt16 {
        guard index + 4 <= bytes.count,
            let unit = UInt16(String(decoding: bytes[index..<(index + 4)], as: UTF8.self), radix: 16)
        else { throw Broken() }
        index += 4
        return unit
    }

    private mutating func number() throws(Broken) -> Any {
        let start = index
        let signs = Array("+-.eE0123456789".utf8)
        while let next, signs.contains(next) { index += 1 }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if let whole = Int(text) { return whole }
        guard let number = Double(text), number.isFinite else { throw Broken() }
        return number
    }

    private mutating func word(_ word: String, _ value: Any?) throws(Broken) -> Any? {
        guard bytes[index...].starts(with: word.utf8) else { throw Broken() }
        index += word.utf8.count
        return value
    }

    private mutating func takes(_ sign: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: sign) else { return false }
        index += 1
        return true
    }

    private mutating func skipBlanks() {
        while let next, next == 0x20 || next == 0x0A || next == 0x0D || next == 0x09 { index += 1 }
    }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }
}
