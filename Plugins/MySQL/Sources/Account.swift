/// A user of the server: a name, and the machines it may connect from.
struct Account {
    let name: String
    let host: String

    /// - Parameter text: What `current_user()` gives: `metadata_writer@%`.
    init(_ text: String) {
        let at = text.lastIndex(of: "@")
        name = at.map { String(text[..<$0]) } ?? text
        host = at.map { String(text[text.index(after: $0)...]) } ?? "%"
    }

    /// As statements name it: `'metadata_writer'@'%'`.
    var literal: String { ServerText.literal(name) + "@" + ServerText.literal(host) }
}
