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
    private let literalQuoting: Quoting
    private let identifierQuoting: Quoting?

    public init(_ dialect: Dialect) {
        self.dialect = dialect
        literalQuoting = dialect.literalQuoting
        identifierQuoting = dialect.identifierQuoting
    }

    /// Appends the program's own text as it is.
    public mutating func raw(_ own: StaticString) {
        // Not when it is made, since what has no text yet may be copied and begun many times.
        if text.isEmpty { text.reserveCapacity(160) }
        own.withUTF8Buffer { text += String(decoding: $0, as: UTF8.self) }
    }

    /// Appends text that the source itself spelled for use in statements: an argument list, a column's definition.
    public mutating func verbatim(_ spelledBySource: String) {
        text += spelledBySource
    }

    /// Appends what another builder built.
    public mutating func append(_ built: borrowing SQL) {
        text += built.text
    }

    /// Appends a name as a quoted identifier.
    public mutating func name(_ name: String) {
        guard let open = dialect.identifierOpen, let close = dialect.identifierClose, let identifierQuoting else {
            text += name
            return
        }
        text += open
        identifierQuoting.append(name, to: &text)
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
        literalQuoting.append(value, to: &text)
        text += dialect.literalClose
    }
}
