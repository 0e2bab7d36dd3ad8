internal import RevmetaPlugin

/// What stands around a place, which decides how a value is spelled there.
enum Place: Sendable, Hashable {
    /// Nothing: a name becomes an identifier, a text a literal, a list the dialect's list.
    case bare
    /// `N` or `E` before it: a literal that the letter belongs to.
    case prefixed(String, Quoting)
    /// Quotes of a literal.
    case literal(Quoting)
    /// Quotes of an identifier.
    case name(Quoting)
    /// Whatever it is: the value is placed as it is.
    case raw
}

/// A piece of a statement.
enum StatementPart: Sendable {
    case text(String)
    case value(Int, Place)
    /// A quoted identifier begins that has places in it.
    case nameBegins
    /// It ends: its length is looked at.
    case nameEnds

    var expectedLength: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .value: 64
        case .nameBegins, .nameEnds: 0
        }
    }
}
