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
    private let spelling: Spelling

    /// How a dialect quotes. One object for all its statements: a builder is copied as often as one is begun.
    private final class Spelling: Sendable {
        let dialect: Dialect
        let literal: Quoting
        let identifier: Quoting?

        init(_ dialect: Dialect) {
            self.dialect = dialect
            literal = dialect.literalQuoting
            identifier = dialect.identifierQuoting
        }
    }

    public init(_ dialect: Dialect) {
        spelling = Spelling(dialect)
    }

    /// Appends the program's own text as it is.
    public mutating func raw(_ own: StaticString) {
        reserve()
        own.withUTF8Buffer { text += String(decoding: $0, as: UTF8.self) }
    }

    /// Appends text that the source itself spelled for use in statements: an argument list, a column's definition.
    public mutating func verbatim(_ spelledBySource: String) {
        text += spelledBySource
    }

    /// Appends what another builder built.
    public mutating func append(_ built: borrowing SQL) {
        reserve()
        text += built.text
    }

    /// Not when it is made, since what has no text yet may be copied and begun many times.
    private mutating func reserve() {
        if text.isEmpty { text.reserveCapacity(160) }
    }

    /// Appends a name as a quoted identifier.
    public mutating func name(_ name: String) {
        guard let open = spelling.dialect.identifierOpen, let close = spelling.dialect.identifierClose,
            let quoting = spelling.identifier
        else {
            text += name
            return
        }
        text += open
        quoting.append(name, to: &text)
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
        text += spelling.dialect.literalOpen
        spelling.literal.append(value, to: &text)
        text += spelling.dialect.literalClose
    }
}
