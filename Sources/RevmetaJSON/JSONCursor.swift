/// Reads a JSON value from its bytes, field by field, and only what is asked for.
///
/// It is for values as they nearly always are. Whatever else comes, ``Unusual`` is thrown, also for what is no JSON, and the
/// decoder reads the value instead: the decoder alone says what is valid and what is wrong. So this must never accept what the
/// decoder refuses or reads in another way; refusing what the decoder accepts costs time and nothing else.
package struct JSONCursor {
    /// The value is left to the decoder.
    package struct Unusual: Error {
        package init() {}
    }

    private var index = 0
    private var depth = 0

    /// Far below the decoder's own limit.
    private static let mostDepth = 64

    package init() {}

    /// Reads one value that is all there is but for blanks.
    package static func read<Value>(
        _ bytes: Span<UInt8>, _ body: (inout JSONCursor, Span<UInt8>) throws(Unusual) -> Value
    ) throws(Unusual) -> Value {
        var cursor = JSONCursor()
        let value = try body(&cursor, bytes)
        cursor.skipBlanks(bytes)
        guard cursor.index == bytes.count else { throw Unusual() }
        return value
    }

    /// Reads an object. `field` is called with each of its known keys, each once, and must read that key's value.
    // What is generic is inlined: unspecialized, it looks up types for each value.
    @inlinable
    package mutating func object<Key>(
        _ bytes: Span<UInt8>, _ keys: JSONKeys<Key>,
        _ field: (Key, inout JSONCursor, Span<UInt8>) throws(Unusual) -> Void
    ) throws(Unusual) {
        try object(bytes, keys.texts) { place, cursor, bytes throws(Unusual) in
            try field(keys.keys[place], &cursor, bytes)
        }
    }

    /// Reads an object. `field` is called with the places of its keys among those that are known.
    @usableFromInline
    package mutating func object(
        _ bytes: Span<UInt8>, _ keys: JSONKeyTexts, _ field: (Int, inout JSONCursor, Span<UInt8>) throws(Unusual) -> Void
    ) throws(Unusual) {
        var met: UInt64 = 0
        try fields(bytes) { key, cursor, bytes throws(Unusual) in
            guard let known = keys.place(of: key, in: bytes) else { return try cursor.skipValue(bytes) }
            // Which of two the decoder takes is its own affair.
            guard met & 1 << known == 0 else { throw Unusual() }
            met |= 1 << known
            try field(known, &cursor, bytes)
        }
    }

    /// Reads an object of any keys.
    package mutating func dictionary(
        _ bytes: Span<UInt8>, _ field: (String, inout JSONCursor, Span<UInt8>) throws(Unusual) -> Void
    ) throws(Unusual) {
        try fields(bytes) { key, cursor, bytes throws(Unusual) in
            try field(Self.string(bytes.extracting(key)), &cursor, bytes)
        }
    }

    /// Reads a list; `element` must read each element.
    package mutating func list(
        _ bytes: Span<UInt8>, _ element: (inout JSONCursor, Span<UInt8>) throws(Unusual) -> Void
    ) throws(Unusual) {
        try enter(UInt8(ascii: "["), bytes)
        if try leaves(UInt8(ascii: "]"), bytes) { return }
        repeat { try element(&self, bytes) } while try goesOn(UInt8(ascii: "]"), bytes)
    }

    /// Reads a text.
    package mutating func text(_ bytes: Span<UInt8>) throws(Unusual) -> String {
        let (range, isEscaped) = try textRange(bytes)
        let span = bytes.extracting(range)
        return isEscaped ? try Self.unescaped(span) : try Self.string(span)
    }

    /// Reads true or false.
    package mutating func truth(_ bytes: Span<UInt8>) throws(Unusual) -> Bool {
        switch try next(bytes) {
        case UInt8(ascii: "t"):
            try word("true", bytes)
            return true
        case UInt8(ascii: "f"):
            try word("false", bytes)
            return false
        default: throw Unusual()
        }
    }

    /// Reads a whole number as it is usually written.
    package mutating func integer(_ bytes: Span<UInt8>) throws(Unusual) -> Int64 {
        let range = try numberRange(bytes)
        guard let number = Int64(try Self.string(bytes.extracting(range))), number != 0 || range.count == 1 else {
            throw Unusual()
        }
        return number
    }

    /// Reads a number.
    package mutating func number(_ bytes: Span<UInt8>) throws(Unusual) -> Double {
        let range = try numberRange(bytes)
        guard let number = Double(try Self.string(bytes.extracting(range))), number.isFinite else { throw Unusual() }
        return number
    }

    /// Whether the next value is null, which is then read.
    package mutating func null(_ bytes: Span<UInt8>) throws(Unusual) -> Bool {
        guard try next(bytes) == UInt8(ascii: "n") else { return false }
        try word("null", bytes)
        return true
    }

    /// The first byte of the next value.
    package mutating func next(_ bytes: Span<UInt8>) throws(Unusual) -> UInt8 {
        skipBlanks(bytes)
        guard index < bytes.count else { throw Unusual() }
        return bytes[index]
    }

    /// Reads a value that nobody asks for.
    package mutating func skipValue(_ bytes: Span<UInt8>) throws(Unusual) {
        switch try next(bytes) {
        case UInt8(ascii: "\""): _ = try textRange(bytes)
        case UInt8(ascii: "{"): try fields(bytes) { _, cursor, bytes throws(Unusual) in try cursor.skipValue(bytes) }
        case UInt8(ascii: "["): try list(bytes) { cursor, bytes throws(Unusual) in try cursor.skipValue(bytes) }
        case UInt8(ascii: "t"): try word("true", bytes)
        case UInt8(ascii: "f"): try word("false", bytes)
        case UInt8(ascii: "n"): try word("null", bytes)
        default: _ = try numberRange(bytes)
        }
    }

    private mutating func fields(
        _ bytes: Span<UInt8>, _ field: (Range<Int>, inout JSONCursor, Span<UInt8>) throws(Unusual) -> Void
    ) throws(Unusual) {
        try enter(UInt8(ascii: "{"), bytes)
        if try leaves(UInt8(ascii: "}"), bytes) { return }
        repeat {
            guard try next(bytes) == UInt8(ascii: "\"") else { throw Unusual() }
            let (key, isEscaped) = try textRange(bytes)
            guard !isEscaped, try next(bytes) == UInt8(ascii: ":") else { throw Unusual() }
            index += 1
            try field(key, &self, bytes)
        } while try goesOn(UInt8(ascii: "}"), bytes)
    }

    private mutating func enter(_ opener: UInt8, _ bytes: Span<UInt8>) throws(Unusual) {
        guard try next(bytes) == opener, depth < Self.mostDepth else { throw Unusual() }
        depth += 1
        index += 1
    }

    /// Whether the list or object ends here, and if so reads its end.
    private mutating func leaves(_ closer: UInt8, _ bytes: Span<UInt8>) throws(Unusual) -> Bool {
        guard try next(bytes) == closer else { return false }
        depth -= 1
        index += 1
        return true
    }

    /// Whether another element follows: reads the comma before it, or the end.
    private mutating func goesOn(_ closer: UInt8, _ bytes: Span<UInt8>) throws(Unusual) -> Bool {
        if try next(bytes) == UInt8(ascii: ",") {
            index += 1
            return true
        }
        guard try leaves(closer, bytes) else { throw Unusual() }
        return false
    }

    private mutating func skipBlanks(_ bytes: Span<UInt8>) {
        while index < bytes.count, isBlank(bytes[unchecked: index]) { index += 1 }
    }

    private mutating func word(_ word: StaticString, _ bytes: Span<UInt8>) throws(Unusual) {
        let end = index + word.utf8CodeUnitCount
        guard end <= bytes.count else { throw Unusual() }
        let isThere = word.withUTF8Buffer { letters in
            letters.indices.allSatisfy { bytes[index + $0] == letters[$0] }
        }
        guard isThere else { throw Unusual() }
        index = end
    }

    /// Reads a text; gives where it lies within its quotes, and whether it holds a backslash.
    private mutating func textRange(_ bytes: Span<UInt8>) throws(Unusual) -> (Range<Int>, isEscaped: Bool) {
        guard try next(bytes) == UInt8(ascii: "\"") else { throw Unusual() }
        let start = index + 1
        var end = start, isEscaped = false
        while end < bytes.count {
            if end + 8 <= bytes.count, Self.isOrdinary(bytes, end) {
                end += 8
                continue
            }
            let byte = bytes[unchecked: end]
            if byte == UInt8(ascii: "\"") {
                index = end + 1
                return (start..<end, isEscaped)
            }
            if byte == UInt8(ascii: "\\") {
                isEscaped = true
                end += 1
            } else if byte < 0x20 {
                throw Unusual()
            }
            end += 1
        }
        throw Unusual()
    }

    /// Whether none of the eight bytes from a place on ends a text, begins an escape or is a control character.
    private static func isOrdinary(_ bytes: Span<UInt8>, _ place: Int) -> Bool {
        let eight = bytes.bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
        let ones: UInt64 = 0x0101_0101_0101_0101
        // The highest bit of a byte stays if the byte is less than the limit; after such a byte perhaps also elsewhere.
        func below(_ limit: UInt64, _ bytes: UInt64) -> UInt64 { (bytes &- limit * ones) & ~bytes }
        let special = below(0x20, eight) | below(1, eight ^ (0x22 * ones)) | below(1, eight ^ (0x5C * ones))
        return special & (0x80 * ones) == 0
    }

    private mutating func numberRange(_ bytes: Span<UInt8>) throws(Unusual) -> Range<Int> {
        let first = try next(bytes)
        let start = index
        if first == UInt8(ascii: "-") { index += 1 }
        let whole = try digits(bytes)
        guard whole.count == 1 || bytes[whole.lowerBound] != UInt8(ascii: "0") else { throw Unusual() }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            _ = try digits(bytes)
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") { index += 1 }
            _ = try digits(bytes)
        }
        return start..<index
    }

    private mutating func digits(_ bytes: Span<UInt8>) throws(Unusual) -> Range<Int> {
        let start = index
        while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) { index += 1 }
        guard index > start else { throw Unusual() }
        return start..<index
    }

    private static func string(_ bytes: Span<UInt8>) throws(Unusual) -> String {
        guard let text = try? UTF8Span(validating: bytes) else { throw Unusual() }
        return String(copying: text)
    }

    private static func unescaped(_ bytes: Span<UInt8>) throws(Unusual) -> String {
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            guard byte == UInt8(ascii: "\\") else {
                plain.append(byte)
                continue
            }
            // A backslash is never the last byte: it would have made the quote after it a part of the text.
            let escape = bytes[index]
            index += 1
            switch escape {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain.append(escape)
            case UInt8(ascii: "n"): plain.append(UInt8(ascii: "\n"))
            case UInt8(ascii: "t"): plain.append(UInt8(ascii: "\t"))
            case UInt8(ascii: "r"): plain.append(UInt8(ascii: "\r"))
            case UInt8(ascii: "b"): plain.append(0x08)
            case UInt8(ascii: "f"): plain.append(0x0C)
            case UInt8(ascii: "u"):
                let scalar = try Self.scalar(bytes, &index)
                plain.append(contentsOf: UTF8.encode(scalar)!)
            default: throw Unusual()
            }
        }
        return try string(plain.span)
    }

    /// Reads what follows `\u`; of a character beyond the basic plane, both halves.
    private static func scalar(_ bytes: Span<UInt8>, _ index: inout Int) throws(Unusual) -> Unicode.Scalar {
        let unit = try hexadecimal(bytes, &index)
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard unit < 0xDC00, index + 2 <= bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u")
        else { throw Unusual() }
        index += 2
        let low = try hexadecimal(bytes, &index)
        guard (0xDC00...0xDFFF).contains(low) else { throw Unusual() }
        return Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + UInt32(low) - 0xDC00)!
    }

    private static func hexadecimal(_ bytes: Span<UInt8>, _ index: inout Int) throws(Unusual) -> UInt16 {
        guard index + 4 <= bytes.count else { throw Unusual() }
        var number: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue else { throw Unusual() }
            number = number << 4 | UInt16(digit)
            index += 1
        }
        return number
    }
}

/// The keys that somebody asks for in an object.
package struct JSONKeys<Key: CaseIterable & RawRepresentable & Sendable>: Sendable where Key.RawValue == String {
    @usableFromInline package let keys: [Key]
    @usableFromInline package let texts: JSONKeyTexts

    package init(_ type: Key.Type = Key.self) {
        keys = Array(Key.allCases)
        texts = JSONKeyTexts(keys.map(\.rawValue))
    }
}

/// The texts of keys, whatever the keys are.
package struct JSONKeyTexts: Sendable {
    /// By the length of the key: its places in `texts`.
    private let places: [[Int]]
    private let texts: [[UInt8]]

    init(_ keys: [String]) {
        precondition(keys.count <= 64, "an object has at most 64 known keys")
        let texts = keys.map { Array($0.utf8) }
        self.texts = texts
        places = (0...(texts.map(\.count).max() ?? 0)).map { length in texts.indices.filter { texts[$0].count == length } }
    }

    func place(of key: Range<Int>, in bytes: Span<UInt8>) -> Int? {
        guard key.count < places.count else { return nil }
        for place in places[key.count] where Self.isEqual(texts[place], key, bytes) { return place }
        return nil
    }

    private static func isEqual(_ text: [UInt8], _ key: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
        for offset in text.indices where bytes[key.lowerBound + offset] != text[offset] { return false }
        return true
    }
}

/// What can be read without the decoder as long as it looks as usual.
package protocol JSONScannable: Decodable {
    init(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONCursor.Unusual)
}

extension JSONCursor {
    /// Reads a value, or null.
    @inlinable
    package mutating func optional<Value>(
        _ bytes: Span<UInt8>, _ read: (inout JSONCursor, Span<UInt8>) throws(Unusual) -> Value
    ) throws(Unusual) -> Value? {
        try null(bytes) ? nil : try read(&self, bytes)
    }

    /// Reads a value, or null.
    @inlinable
    package mutating func optional<Value: JSONScannable>(
        _ bytes: Span<UInt8>, _ type: Value.Type = Value.self
    ) throws(Unusual) -> Value? {
        try null(bytes) ? nil : try Value(&self, bytes)
    }

    /// Reads a list of values, or null.
    @inlinable
    package mutating func optionalList<Value: JSONScannable>(
        _ bytes: Span<UInt8>, of type: Value.Type = Value.self
    ) throws(Unusual) -> [Value]? {
        guard try !null(bytes) else { return nil }
        var values: [Value] = []
        try list(bytes) { cursor, bytes throws(Unusual) in values.append(try Value(&cursor, bytes)) }
        return values
    }

    /// Reads a text, or null.
    package mutating func optionalText(_ bytes: Span<UInt8>) throws(Unusual) -> String? {
        try null(bytes) ? nil : try text(bytes)
    }
}
