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

    /// Takes up a text with its length in front, so that two texts are never taken for one; nil is not the empty text.
    public mutating func update(field text: String?) {
        guard var text else { return update(length: .max) }
        text.withUTF8 { bytes in
            update(length: UInt64(bytes.count))
            update(bytes)
        }
    }

    private mutating func update(length: UInt64) {
        withUnsafeBytes(of: length.littleEndian) { update($0) }
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
