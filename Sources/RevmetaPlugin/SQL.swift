/// Builds one statement's text, with names and values quoted by a dialect.
///
/// Only what the program itself wrote goes in as `raw` text, and only what the source spelled for statements as
/// `verbatim`. Everything else that came from a catalog, a source or a user goes in as a name or a literal, which
/// quotes it.
///
/// ```swift
/// var sql = SQL(dialect)
/// sql.raw("COMMENT ON TABLE ")
/// sql.name(path)
/// sql.raw(" IS ")
/// sql.literal(text)
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
    public mutating func raw(_ own: StaticString) {
        own.withUTF8Buffer { text += String(decoding: $0, as: UTF8.self) }
    }

    /// Appends text that the source itself spelled for use in statements: an argument list, a column's definition.
    public mutating func verbatim(_ spelledBySource: String) {
        text += spelledBySource
    }

    /// Appends a name as a quoted identifier.
    public mutating func name(_ name: String) {
        guard let open = dialect.identifierOpen, let close = dialect.identifierClose else {
            text += name
            return
        }
        text += open
        appendDoubling(close, in: name)
        text += close
    }

    /// Appends names as quoted identifiers joined by dots.
    public mutating func name(_ names: some Sequence<String>) {
        var isFirst = true
        for part in names {
            if !isFirst { text += "." }
            isFirst = false
            name(part)
        }
    }

    /// Appends a text as a literal, or `NULL`.
    public mutating func literal(_ value: String?) {
        guard let value else {
            text += "NULL"
            return
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
