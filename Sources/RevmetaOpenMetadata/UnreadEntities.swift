internal import RevmetaModel
internal import Synchronization

/// Entities that the server could not tell while it told others: one that is broken over there must not hold up the rest.
///
/// Where none can be told, or several in a row, it is the server that fails, and not they.
public final class UnreadEntities: Sendable {
    private struct State {
        var reasons: [String: CatalogServerError] = [:]
        var first: CatalogServerError?
        var hasRead = false
        var inARow = 0
    }

    /// Each was asked for several times by then.
    private static let mostInARow = 8
    private let state = Mutex(State())

    public init() {}

    /// Why each was not read, by its id.
    public var reasons: [String: CatalogServerError] { state.withLock { $0.reasons } }

    func wasRead() {
        state.withLock { ($0.hasRead, $0.inARow) = (true, 0) }
    }

    /// Takes one that was not read; false: the server is to be taken for failing.
    func takes(_ id: String, _ error: CatalogServerError) -> Bool {
        state.withLock { state in
            state.inARow += 1
            guard error.failure.status != .cancelled, state.inARow < Self.mostInARow else { return false }
            state.reasons[id] = error
            state.first = state.first ?? error
            return true
        }
    }

    /// Why none at all was read; nil: some were, or none was asked for.
    var reasonForAll: CatalogServerError? { state.withLock { $0.hasRead ? nil : $0.first } }
}
