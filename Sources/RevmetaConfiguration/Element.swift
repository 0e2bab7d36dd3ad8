/// A value of the file, before anything is known about what it should be.
struct Element: Sendable {
    enum Content: Sendable {
        case nothing
        case boolean(Bool)
        /// As it is written: a port must not become `5432.0`.
        case number(String)
        /// As it is written: references are expanded by who reads it.
        case text(String)
        case list([Element])
        case mapping([Entry])
        /// Something with a tag that is none of YAML's own simple ones.
        case tagged
    }

    struct Entry: Sendable {
        let key: String
        let keyPosition: ConfigurationProblem.Position
        let value: Element
    }

    let place: Place
    /// Where to point at if something is missing inside: the key above, if there is one.
    let origin: ConfigurationProblem.Position
    let content: Content
    /// Reached through an alias, so its text may be one that must not be shown.
    let isAliased: Bool

    /// What sort of value it is, without the value: "a list".
    var sort: String {
        switch content {
        case .nothing: "nothing"
        case .boolean: "true or false"
        case .number: "a number"
        case .text: "a text"
        case .list: "a list"
        case .mapping: "a mapping"
        case .tagged: "a value with a tag (!…); quote a text that begins with !"
        }
    }

    /// The value itself if it is short and harmless, else what sort of value it is.
    var shown: String {
        guard !isAliased else { return sort }
        return switch content {
        case .boolean(let value): "\(value)"
        case .number(let written) where written.count <= 60: "the number \(written)"
        case .text(let written) where written.count <= 60: written.isEmpty ? "an empty text" : "'\(written)'"
        default: sort
        }
    }
}
