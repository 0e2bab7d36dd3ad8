/// Accepts connections on loopback, as the system does for anyone who listens, and never says a word.
public final class SilentServer {
    public var port: Int { listener.port }
    private let listener: LoopbackListener

    public init() throws {
        listener = try LoopbackListener()
    }
}
