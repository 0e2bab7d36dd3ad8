internal import CNettle

/// A SHA-256 hash in the making.
///
/// By nettle, which every Debian has, since its package manager needs it.
public struct SHA256: Sendable {
    private var context = sha256_ctx()

    public init() {
        nettle_sha256_init(&context)
    }

    /// Takes up bytes.
    public mutating func update(_ bytes: some Sequence<UInt8>) {
        let isDone: Void? = bytes.withContiguousStorageIfAvailable { buffer in
            nettle_sha256_update(&context, buffer.count, buffer.baseAddress)
        }
        if isDone == nil { update(Array(bytes)) }
    }

    /// Takes up texts, each with its length in front, so that two texts are never taken for one; nil is not the empty text.
    public mutating func update(fields: [String?]) {
        var bytes: [UInt8] = []
        for field in fields {
            withUnsafeBytes(of: (field.map { UInt64($0.utf8.count) } ?? .max).littleEndian) { bytes += $0 }
            if let field { bytes += field.utf8 }
        }
        update(bytes)
    }

    /// The hash of all that was taken up, as 64 hexadecimal digits.
    public func hexadecimal() -> String {
        var context = context
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_SIZE))
        nettle_sha256_digest(&context, digest.count, &digest)
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
