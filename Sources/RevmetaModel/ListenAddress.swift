/// What a server listens on: a host and a port.
public struct ListenAddress: Sendable, Hashable {
    /// A name or an address, without the brackets of IPv6.
    public var host: String
    /// 0: one that is free.
    public var port: Int

    /// What holds if nothing is said.
    public static let usual = ListenAddress(host: "127.0.0.1", port: 8484)

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// `127.0.0.1:8484`, `localhost:0`, `[::1]:8484`. Nil: it is none.
    public init?(written text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard (1...5).contains(digits.count), digits.allSatisfy({ $0.isASCII && $0.isNumber }), let port = Int(digits),
            port <= 65_535
        else { return nil }
        var host = text[..<colon]
        if host.first == "[" {
            guard host.last == "]" else { return nil }
            host = host.dropFirst().dropLast()
            guard host.contains(":"), host.allSatisfy({ $0.isASCII && ($0.isHexDigit || ":.%".contains($0) || $0.isLetter) })
            else { return nil }
        } else {
            guard !host.isEmpty, host.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }) else {
                return nil
            }
        }
        self.init(host: String(host), port: port)
    }

    /// Whether only this machine reaches it. A name is not looked up: only `localhost` is known to be.
    public var isLoopback: Bool {
        if host.lowercased() == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

extension ListenAddress: CustomStringConvertible {
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
