internal import CNettle

/// A SHA-256 hash in the making.
///
/// By nettle, which every Debian has, since its package manager needs it.
public struct SHA256: Sendable {
    private var context = sha256_ctx()
    /// Taken up, but not by nettle yet: short pieces cost more than they weigh.
    private var waiting: [UInt8] = []
    private static let mostWaiting = 1 << 14

    public init() {
        nettle_sha256_init(&context)
    }

    /// Takes up bytes.
    public mutating func update(_ bytes: some Sequence<UInt8>) {
        flush()
        let isDone: Void? = bytes.withContiguousStorageIfAvailable { buffer in
            nettle_sha256_update(&context, buffer.count, buffer.baseAddress)
        }
        if isDone == nil { update(Array(bytes)) }
    }

    /// Takes up texts, each with its length in front, so that two texts are never taken for one; nil is not the empty text.
    public mutating func update(fields: [String?]) {
        for field in fields { update(field: field) }
    }

    /// Takes up a text with its length in front.
    public mutating func update(field: String?) {
        if var field {
            field.withUTF8 { text in take(UInt64(text.count), text) }
        } else {
            take(.max, UnsafeBufferPointer(start: nil, count: 0))
        }
        if waiting.count >= Self.mostWaiting { flush() }
    }

    private mutating func take(_ length: UInt64, _ text: UnsafeBufferPointer<UInt8>) {
        let lengthSize = MemoryLayout<UInt64>.size
        waiting.append(addingCapacity: lengthSize + text.count) { output in
            output.withUnsafeMutableBufferPointer { memory, count in
                let start = UnsafeMutableRawPointer(memory.baseAddress!)
                start.storeBytes(of: length.littleEndian, as: UInt64.self)
                if let bytes = text.baseAddress { (start + lengthSize).copyMemory(from: bytes, byteCount: text.count) }
                count = lengthSize + text.count
            }
        }
    }

    private mutating func flush() {
        nettle_sha256_update(&context, waiting.count, waiting)
        waiting.removeAll(keepingCapacity: true)
    }

    /// The hash of all that was taken up, as 64 hexadecimal digits.
    public func hexadecimal() -> String {
        var all = self
        all.flush()
        var context = all.context
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_SIZE))
        nettle_sha256_digest(&context, digest.count, &digest)
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
