/// Writes frames, one after the other: what host and worker say to each other.
///
/// A frame is its length (of all that follows it), its kind, the number of the call it belongs to, and what the kind has.
/// Numbers are little endian. A text is its length in bytes and its bytes; a length of all ones: it is absent.
public struct FrameWriter {
    public var bytes: [UInt8] { written }
    @usableFromInline var written: [UInt8] = []
    private var start = 0

    /// Before the body of each frame: a length, a kind and a call.
    static let headBytes = 4 + 1 + 8
    static let absent = UInt32.max

    public init() {}

    /// Writes into memory that another writer's frames were in.
    public init(reusing memory: consuming [UInt8]) {
        written = memory
        written.removeAll(keepingCapacity: true)
    }

    /// Begins a frame; what is written from now on belongs to it.
    public mutating func begin(_ kind: UInt8, call: UInt64) {
        start = written.count
        number(UInt32(0))
        number(kind)
        number(call)
    }

    /// Ends the frame that was begun.
    public mutating func end() {
        let length = UInt32(written.count - start - 4).littleEndian
        withUnsafeBytes(of: length) { for (index, byte) in $0.enumerated() { written[start + index] = byte } }
    }

    // Inlined, as reading one is.
    @inlinable
    public mutating func number<Number: FixedWidthInteger>(_ number: Number) {
        let size = MemoryLayout<Number>.size
        written.append(addingCapacity: size) { output in
            output.withUnsafeMutableBufferPointer { memory, count in
                UnsafeMutableRawPointer(memory.baseAddress!).storeBytes(of: number.littleEndian, as: Number.self)
                count = size
            }
        }
    }

    public mutating func text(_ text: String?) {
        guard let text else { return number(Self.absent) }
        let bytes = text.utf8.span
        bytes.withUnsafeBytes { data($0) }
    }

    mutating func data(_ data: UnsafeRawBufferPointer) {
        let size = MemoryLayout<UInt32>.size + data.count
        written.append(addingCapacity: size) { output in
            output.withUnsafeMutableBufferPointer { memory, count in
                let start = UnsafeMutableRawPointer(memory.baseAddress!)
                start.storeBytes(of: UInt32(data.count).littleEndian, as: UInt32.self)
                if let text = data.baseAddress {
                    (start + MemoryLayout<UInt32>.size).copyMemory(from: text, byteCount: data.count)
                }
                count = size
            }
        }
    }

    /// Appends what another writer wrote, which began no frame.
    mutating func append(_ other: FrameWriter) {
        written.append(contentsOf: other.written)
    }

    public mutating func texts(_ texts: [String]) {
        number(UInt32(texts.count))
        let texts = texts.span
        for index in texts.indices { text(texts[index]) }
    }

    /// Makes room for about so many bytes more: what grows while it is written takes twice the memory.
    public mutating func reserve(_ count: Int) {
        written.reserveCapacity(written.count + count)
    }

    /// How many bytes were written.
    var count: Int { written.count }

    /// Forgets what was written after so many bytes.
    mutating func cut(to count: Int) {
        written.removeSubrange(count...)
    }

    /// Forgets what was written; its memory serves the next.
    mutating func clear() {
        written.removeAll(keepingCapacity: true)
    }

    /// Gives what was written, and begins anew.
    public mutating func take() -> [UInt8] {
        defer {
            written = []
            start = 0
        }
        return written
    }
}
