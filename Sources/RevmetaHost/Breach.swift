internal import RevmetaModel

extension Failure {
    /// What a plugin did that the contract of the boundary forbids.
    static func breach(by plugin: String, _ what: String) -> Failure {
        Failure(.invalid, "the plugin \(plugin) broke its contract: it \(what). Report this to its author")
    }
}
