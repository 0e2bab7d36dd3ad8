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
    /// Copies a lent dialect, which has no other fields in this release.
    init(lent: revmeta_dialect) {
        self.init(name: String(cString: lent.name), identifierQuote: nil)
        identifierOpen = lent.identifier_open.map { String(cString: $0) }
        identifierClose = lent.identifier_close.map { String(cString: $0) }
        identifierMaxBytes = lent.identifier_max_bytes == 0 ? nil : Int(lent.identifier_max_bytes)
        literalOpen = String(cString: lent.literal_open)
        literalClose = String(cString: lent.literal_close)
        for (flag, property) in dialectFlags { self[keyPath: property] = lent.flags & flag != 0 }
        list.open = String(cString: lent.list_open)
        list.close = String(cString: lent.list_close)
        list.separator = String(cString: lent.list_separator)
        list.pairOpen = String(cString: lent.pair_open)
        list.pairSeparator = String(cString: lent.pair_separator)
        list.pairClose = String(cString: lent.pair_close)
        statementEnd = String(cString: lent.statement_end)
        scriptBegin = lent.script_begin.map { String(cString: $0) }
        scriptUse = lent.script_use.map { String(cString: $0) }
    }
}
