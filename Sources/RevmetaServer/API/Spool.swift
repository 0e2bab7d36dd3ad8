internal import Glibc
internal import HummingbirdCore
internal import NIOCore

/// A long answer on its way: in a file without a name, until it is whole.
///
/// An answer that fails half-way is so told by its status, and a client that reads slowly holds up neither a plan nor
/// the journal. Nobody else can open the file, and it is gone with the last who has it.
final class Spool: Sendable {
    private let file: Int32

    private static let piece = 1 << 16

    init() throws {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        let path = "\(folder)/revmeta-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
        // Not if there is something of that name already.
        file = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw SpoolError(reason: "no temporary file can be made in \(folder)", errno) }
        unlink(path)
    }

    deinit {
        close(file)
    }

    /// Writes an answer, to its end.
    ///
    /// - Parameter body: Given what takes the text, piece by piece.
    static func fill(_ body: ((String) throws -> Void) throws -> Void) throws -> Spool {
        let spool = try Spool()
        var waiting: [UInt8] = []
        try body { text in
            waiting.append(contentsOf: text.utf8)
            guard waiting.count >= piece else { return }
            try spool.append(waiting)
            waiting.removeAll(keepingCapacity: true)
        }
        try spool.append(waiting)
        return spool
    }

    private func append(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw SpoolError(reason: "an answer cannot be kept in a temporary file", errno) }
            rest = rest.dropFirst(count)
        }
    }

    private var length: Int {
        var status = stat()
        return fstat(file, &status) == 0 ? Int(status.st_size) : 0
    }

    private func bytes(at offset: Int) throws -> ByteBuffer {
        var buffer = ByteBuffer()
        try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.piece) { space in
            while true {
                let count = pread(file, space.baseAddress, Self.piece, off_t(offset))
                if count >= 0 { return count }
                guard errno == EINTR else { throw SpoolError(reason: "a temporary file cannot be read", errno) }
            }
        }
        return buffer
    }

    /// The answer as a body.
    var body: ResponseBody {
        let length = length
        return ResponseBody(contentLength: length) { writer in
            var sent = 0
            while sent < length {
                let piece = try self.bytes(at: sent)
                guard piece.readableBytes > 0 else { throw SpoolError(reason: "a temporary file was cut short", EIO) }
                sent += piece.readableBytes
                try await writer.write(piece)
            }
            try await writer.finish(nil)
        }
    }
}

struct SpoolError: Error, CustomStringConvertible {
    let description: String

    init(reason: String, _ number: Int32) {
        description = "\(reason): \(String(cString: strerror(number)))"
    }
}
