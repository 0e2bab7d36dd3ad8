/// A proxy of HTTP that leads to one server, whatever host it is asked for.
public final class ForwardProxy: Sendable {
    private let program: PythonProgram

    /// - Parameters:
    ///   - port: The server's, on 127.0.0.1.
    ///   - user: `name:password`, without which nobody is let through.
    public init(to port: Int, user: String? = nil) throws {
        program = try PythonProgram("/proxy.py", ["--to", "\(port)"] + (user.map { ["--user", $0] } ?? []))
    }

    /// `http://127.0.0.1:3128`, or with a user before the host.
    public func address(user: String? = nil) -> String {
        "http://\(user.map { $0 + "@" } ?? "")127.0.0.1:\(program.greeting)"
    }
}
