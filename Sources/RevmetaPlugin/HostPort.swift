/// Where a server listens, as the setting `hostPort` spells it.
public struct HostPort: Sendable, Equatable {
    /// A name, an address, or the path of a Unix socket or of its folder, which begins with a slash.
    public var host: String
    public var port: String?

    public init(_ text: String) throws(Failure) {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { throw Self.unreadable(text) }
            host = String(text[text.index(after: text.startIndex)..<end])
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { throw Self.unreadable(text) }
            port = rest.isEmpty ? nil : String(rest.dropFirst())
        } else if let colon = text.lastIndex(of: ":") {
            host = String(text[..<colon])
            port = String(text[text.index(after: colon)...])
            guard host.hasPrefix("/") || !host.contains(":") else { throw Self.unreadable(text) }
        } else {
            host = text
        }
        guard !host.isEmpty, port.map({ (1...65_535).contains(Int($0) ?? 0) }) ?? true else {
            throw Self.unreadable(text)
        }
    }

    private static func unreadable(_ text: String) -> Failure {
        Failure(
            .config,
            "the setting 'hostPort' must be host:port with a port from 1 to 65535, [address]:port for IPv6, or the "
                + "path of a Unix socket; found '\(text)'")
    }
}
