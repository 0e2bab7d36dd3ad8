internal import CRevmeta

/// The properties of a dialect that cross the boundary as bits.
nonisolated(unsafe) let dialectFlags: [(flag: UInt32, property: WritableKeyPath<Dialect, Bool>)] = [
    (REVMETA_DIALECT_BACKSLASH_ESCAPES, \.hasBackslashEscapes),
    (REVMETA_DIALECT_DOLLAR_QUOTES, \.hasDollarQuotes),
    (REVMETA_DIALECT_NESTED_COMMENTS, \.hasNestedComments),
    (REVMETA_DIALECT_DOUBLE_QUOTED_LITERALS, \.hasDoubleQuotedLiterals),
    (REVMETA_DIALECT_HASH_COMMENTS, \.hasHashComments),
    (REVMETA_DIALECT_SLASH_COMMENTS, \.hasSlashComments),
    (REVMETA_DIALECT_ESCAPE_LITERALS, \.hasEscapeLiterals),
    (REVMETA_DIALECT_ESCAPED_QUOTES, \.hasEscapedQuotes),
    (REVMETA_DIALECT_ESCAPED_IDENTIFIERS, \.hasEscapedIdentifiers),
    (REVMETA_DIALECT_DOTTED_IDENTIFIERS, \.hasDottedIdentifiers),
]

extension Dialect {
    /// Copies a lent dialect, which has no other fields in this release. A text that is not there is an empty one: where
    /// the source is not SQL there may be no lists and no literals.
    init(lent: revmeta_dialect) {
        func text(_ text: UnsafePointer<CChar>?) -> String { text.map { String(cString: $0) } ?? "" }
        self.init(name: text(lent.name), identifierQuote: nil)
        identifierOpen = lent.identifier_open.map { String(cString: $0) }
        identifierClose = lent.identifier_close.map { String(cString: $0) }
        identifierMaxBytes = lent.identifier_max_bytes == 0 ? nil : Int(lent.identifier_max_bytes)
        literalOpen = text(lent.literal_open)
        literalClose = text(lent.literal_close)
        for (flag, property) in dialectFlags { self[keyPath: property] = lent.flags & flag != 0 }
        list.open = text(lent.list_open)
        list.close = text(lent.list_close)
        list.separator = text(lent.list_separator)
        list.pairOpen = text(lent.pair_open)
        list.pairSeparator = text(lent.pair_separator)
        list.pairClose = text(lent.pair_close)
        statementEnd = text(lent.statement_end)
        scriptBegin = lent.script_begin.map { String(cString: $0) }
        scriptUse = lent.script_use.map { String(cString: $0) }
    }
}
