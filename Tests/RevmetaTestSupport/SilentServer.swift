internal import Glibc

/// Accepts connections on loopback, as the system does for anyone who listens, and never says a word.
public final class SilentServer {
    public let port: Int
    private let listener: Int32

    public struct NotListening: Error {}

    public init() throws {
        let listener = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listens = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && listen(listener, 5) == 0 && getsockname(listener, address, &size) == 0
            }
        }
        guard listens else {
            Glibc.close(listener)
            throw NotListening()
        }
        self.listener = listener
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit {
        Glibc.close(listener)
    }
}
