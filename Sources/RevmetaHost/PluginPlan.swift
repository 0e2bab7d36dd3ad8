internal import RevmetaEngine
internal import RevmetaRunner

/// What a session planned and its runner keeps, until nobody holds this any more.
final class PluginPlan: KeptPlan {
    /// What the runner knows it by.
    let number: UInt64
    private let session: UInt64
    // Held, the runner would have to stay.
    private weak let link: PluginLink?

    init(_ link: PluginLink, session: UInt64) {
        self.link = link
        self.session = session
        number = link.newNumber()
    }

    deinit {
        link?.forget(plan: number, of: session)
    }

    func isKept(for session: UInt64, of link: PluginLink) -> Bool {
        self.session == session && self.link === link
    }
}
