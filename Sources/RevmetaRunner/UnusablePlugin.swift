/// Why a plugin cannot be used: a plain sentence.
struct UnusablePlugin: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
