import Glibc

/// A listener on a free port of 127.0.0.1.
final class LoopbackListener: Sendable {
    let port: Int
    let descriptor: Int32

    struct NotListening: Error {}

    /// - Parameter wanted: 0: one that the system chooses.
    init(port wanted: UInt16 = 0) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        address.sin_port = wanted.bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listens = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && listen(listener, 50) == 0 && getsockname(listener, address, &size) == 0
            }
        }
        guard listens else {
            close(listener)
            throw NotListening()
        }
        descriptor = listener
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit {
        close(descriptor)
    }
}

/// Ports for servers that have to be told theirs.
enum LoopbackPorts {
    /// Some that are free now. Below those that the system gives to whoever asks for any, so that it takes none of them
    /// before the server does, or while the server is stopped.
    static func some() -> [UInt16] {
        (10_000..<32_000).shuffled().lazy.filter { (try? LoopbackListener(port: $0)) != nil }.prefix(5).map { $0 }
    }
}
