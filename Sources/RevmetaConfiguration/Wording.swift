/// A text of the file with its references replaced.
struct Wording: Sendable {
    let text: String
    /// The text in quotes, or nil where it may be secret: it comes from a reference or through an alias.
    let shown: String?
    let place: Place
}
