/// Writes frames, one after the other: what host and worker say to each other.
///
/// A frame is its length (of all that follows it), its kind, the number of the call it belongs to, and what the kind has.
/// Numbers are little endian. A text is its length in bytes and its bytes; a length of all ones: it is absent.
public struct FrameWriter {
    public private(set) var bytes: [UInt8] = []
    private var start = 0

    /// Before the body of each frame: a length, a kind and a call.
    static let headBytes = 4 + 1 + 8
    static let absent = UInt32.max

    public init() {}

    /// Begins a frame; what is written from now on belongs to it.
    public mutating func begin(_ kind: UInt8, call: UInt64) {
        start = bytes.count
        number(UInt32(0))
        number(kind)
        number(call)
    }

    /// Ends the frame that was begun.
    public mutating func end() {
        let length = UInt32(bytes.count - start - 4).littleEndian
        withUnsafeBytes(of: length) { for (index, byte) in $0.enumerated() { bytes[start + index] = byte } }
    }

    public mutating func number(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    public mutating func text(_ text: String?) {
        guard var text else { return number(Self.absent) }
        text.withUTF8 { data(UnsafeRawBufferPointer($0)) }
    }

    mutating func data(_ data: UnsafeRawBufferPointer) {
        number(UInt32(data.count))
        bytes.append(contentsOf: data)
    }

    /// Appends what another writer wrote, which began no frame.
    mutating func append(_ other: FrameWriter) {
        bytes.append(contentsOf: other.bytes)
    }

    public mutating func texts(_ texts: [String]) {
        number(UInt32(texts.count))
        for text in texts { self.text(text) }
    }

    /// Forgets what was written; its memory serves the next.
    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
    }

    /// Gives what was written, and begins anew.
    public mutating func take() -> [UInt8] {
        defer {
            bytes = []
            start = 0
        }
        return bytes
    }
}
