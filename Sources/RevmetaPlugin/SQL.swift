/// Builds one statement's text, with names and values quoted by a dialect.
///
/// Only what the program itself wrote goes in as `raw` text. Everything that came from a catalog, a source or a user
/// goes in as a name or a literal, which quotes it.
///
/// ```swift
/// var sql = SQL(dialect)
/// sql.raw("COMMENT ON TABLE ").name(path).raw(" IS ").literal(text)
/// ```
public struct SQL: Sendable {
    /// The statement so far.
    public private(set) var text = ""
    private let dialect: Dialect

    public init(_ dialect: Dialect) {
        self.dialect = dialect
        text.reserveCapacity(160)
    }

    /// Appends the program's own text as it is.
    @discardableResult
    public mutating func raw(_ own: StaticString) -> Self {
        own.withUTF8Buffer { text += String(decoding: $0, as: UTF8.self) }
        return self
    }

    /// Appends a name as a quoted identifier.
    @discardableResult
    public mutating func name(_ name: String) -> Self {
        guard let open = dialect.identifierOpen, let close = dialect.identifierClose else {
            text += name
            return self
        }
        text += open
        appendDoubling(close, in: name)
        text += close
        return self
    }

    /// Appends names as quoted identifiers joined by dots.
    @discardableResult
    public mutating func name(_ names: some Sequence<String>) -> Self {
        var isFirst = true
        for part in names {
            if !isFirst { text += "." }
            isFirst = false
            name(part)
        }
        return self
    }

    /// Appends a text as a literal, or `NULL`.
    @discardableResult
    public mutating func literal(_ value: String?) -> Self {
        guard let value else {
            text += "NULL"
            return self
        }
        text += dialect.literalOpen
        if dialect.hasBackslashEscapes, value.utf8.contains(UInt8(ascii: "\\")) {
            var doubled = ""
            for scalar in value.unicodeScalars {
                if scalar == "\\" { doubled.unicodeScalars.append(scalar) }
                doubled.unicodeScalars.append(scalar)
            }
            appendDoubling(dialect.literalClose, in: doubled)
        } else {
            appendDoubling(dialect.literalClose, in: value)
        }
        text += dialect.literalClose
        return self
    }

    /// Works on bytes: a quote followed by a combining mark is one Character, and must be doubled all the same.
    private mutating func appendDoubling(_ quote: String, in value: String) {
        let mark = Array(quote.utf8)
        guard let first = mark.first, value.utf8.contains(first) else {
            text += value
            return
        }
        let bytes = Array(value.utf8)
        var doubled: [UInt8] = []
        doubled.reserveCapacity(bytes.count + 8)
        var index = 0
        while index < bytes.count {
            if bytes[index...].starts(with: mark) {
                doubled += mark
                doubled += mark
                index += mark.count
            } else {
                doubled.append(bytes[index])
                index += 1
            }
        }
        text += String(decoding: doubled, as: UTF8.self)
    }
}
