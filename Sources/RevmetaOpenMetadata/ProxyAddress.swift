#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// A proxy's address: `http://name:password@proxy.example.com:3128`.
struct ProxyAddress {
    var host: String
    var port: Int
    var user: (name: String, password: String)?

    /// Nil: it is none.
    init?(_ text: String) {
        guard let url = URLComponents(string: text), url.scheme == "http", let host = url.host, !host.isEmpty else { return nil }
        // An address of IPv6 stands in brackets, which are no part of it.
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        port = url.port ?? 3128
        user = url.user.map { ($0, url.password ?? "") }
    }
}
