import Foundation
import Glibc
import Synchronization

/// A way to a PostgreSQL server that is cut after so many frames, whichever side sent them.
public final class CuttingProxy: Sendable {
    /// What happens to those who come after the cut.
    public enum Afterwards: Sendable {
        /// They reach the server.
        case open
        /// Nobody answers them any more.
        case closed
    }

    public var port: Int { listener.port }
    /// How many frames were passed on.
    public var frames: Int { state.withLock { $0.frames } }
    /// How often the server has said that it is ready for more: each such answer ends a round trip.
    public var roundTrips: Int { state.withLock { $0.roundTrips } }
    /// How often the server has told an error.
    public func errors(_ sqlState: String) -> Int { state.withLock { $0.errors[sqlState, default: 0] } }

    private let listener: LoopbackListener
    private let server: String
    private let cut: Int?
    private let afterwards: Afterwards
    private let state = Mutex(State())

    private struct State {
        var frames = 0
        var roundTrips = 0
        var errors: [String: Int] = [:]
        var isCut = false

        /// Counts a frame of the server's: a letter, four bytes of length, and what it says.
        mutating func hear(_ frame: ArraySlice<UInt8>) {
            switch frame.first {
            case UInt8(ascii: "Z"): roundTrips += 1
            case UInt8(ascii: "E"):
                // Fields, each with a letter and a zero at its end.
                let code = frame.dropFirst(5).split(separator: 0).first { $0.first == UInt8(ascii: "C") }
                errors[String(decoding: code?.dropFirst() ?? [], as: UTF8.self), default: 0] += 1
            default: break
            }
        }
    }

    /// - Parameters:
    ///   - server: The path of the server's Unix socket.
    ///   - cut: How many frames are passed on before the cut; nil: all.
    public init(to server: String, cutAfter cut: Int? = nil, _ afterwards: Afterwards = .open) throws {
        listener = try LoopbackListener()
        self.server = server
        self.cut = cut
        self.afterwards = afterwards
        let descriptor = listener.descriptor
        Thread.detachNewThread { [weak self] in
            while true {
                let client = accept(descriptor, nil, nil)
                guard client >= 0, let self else { return }
                self.join(client)
            }
        }
    }

    deinit {
        // Wakes who waits in accept.
        shutdown(listener.descriptor, Int32(SHUT_RDWR))
    }

    private func join(_ client: Int32) {
        let server = Self.connect(self.server)
        guard server >= 0, !(state.withLock { $0.isCut } && afterwards == .closed) else {
            close(client)
            if server >= 0 { close(server) }
            return
        }
        let ended = Ended()
        Thread.detachNewThread { self.pump(from: client, to: server, isClient: true, ended) }
        Thread.detachNewThread { self.pump(from: server, to: client, isClient: false, ended) }
    }

    /// Counts the directions of a connection that have ended.
    private final class Ended: Sendable {
        let count = Atomic<Int>(0)
    }

    private func pump(from source: Int32, to target: Int32, isClient: Bool, _ ended: Ended) {
        var waiting: [UInt8] = [], isFirst = isClient
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        loop: while true {
            let count = read(source, &buffer, buffer.count)
            guard count > 0 else { break }
            waiting += buffer[..<count]
            while let length = Self.frameLength(waiting, isFirst: isFirst), waiting.count >= length {
                isFirst = false
                let isLast = state.withLock { state in
                    state.frames += 1
                    if !isClient { state.hear(waiting[..<length]) }
                    if state.frames == cut { state.isCut = true }
                    return state.frames == cut
                }
                send(waiting[..<length], to: target)
                waiting.removeFirst(length)
                if isLast { break loop }
            }
        }
        shutdown(source, Int32(SHUT_RDWR))
        shutdown(target, Int32(SHUT_RDWR))
        if ended.count.add(1, ordering: .relaxed).newValue == 2 {
            close(source)
            close(target)
        }
    }

    /// The length of the frame that bytes begin with; nil: it is not known yet. The first one of a client has no type.
    private static func frameLength(_ bytes: [UInt8], isFirst: Bool) -> Int? {
        let start = isFirst ? 0 : 1
        guard bytes.count >= start + 4 else { return nil }
        return bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } + start
    }

    private func send(_ bytes: ArraySlice<UInt8>, to target: Int32) {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(target, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    private static func connect(_ path: String) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0 else {
            close(descriptor)
            return -1
        }
        return descriptor
    }
}
