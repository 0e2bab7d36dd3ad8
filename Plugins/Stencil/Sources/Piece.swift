/// A piece of a template.
struct Piece {
    enum Kind {
        case text
        /// `{{ … }}`
        case output
        /// `{% … %}`
        case tag
    }

    var kind: Kind
    /// What stands between the braces, or the text; as bytes of the template.
    var range: Range<Int>
    /// Where the piece begins, braces included.
    var start: Int
}
