/// A frame that arrived, in memory of its own that does not move.
public final class Frame: @unchecked Sendable {  // never changed once it is filled
    public let kind: UInt8
    /// The number of the call it belongs to.
    public let call: UInt64
    private let memory: UnsafeMutableRawBufferPointer

    /// What a length may be: more is no frame, but somebody else's bytes.
    static let mostBytes = 1 << 28

    /// The bytes before each frame: its length.
    public static let lengthBytes = 4

    /// How many bytes follow a length.
    public static func length(_ bytes: UnsafeRawBufferPointer) throws(BrokenFrame) -> Int {
        let length = Int(UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)))
        guard (FrameWriter.headBytes - lengthBytes...mostBytes).contains(length) else {
            throw BrokenFrame("it says that it has \(length) bytes")
        }
        return length
    }

    /// - Parameter fill: Fills the memory with what follows the length; false: it ended before.
    public init?(length: Int, fill: (UnsafeMutableRawBufferPointer) -> Bool) {
        memory = .allocate(byteCount: length, alignment: 16)
        guard fill(memory) else {
            memory.deallocate()
            return nil
        }
        kind = memory[0]
        call = UInt64(littleEndian: memory.loadUnaligned(fromByteOffset: 1, as: UInt64.self))
    }

    deinit {
        memory.deallocate()
    }

    /// The body. It is valid as long as the frame is.
    func body() -> FrameReader {
        FrameReader(UnsafeRawBufferPointer(rebasing: memory[(FrameWriter.headBytes - Self.lengthBytes)...]))
    }

    /// Reads the body.
    public func read<Result, Problem: Error>(
        _ body: (inout FrameReader) throws(Problem) -> Result
    ) throws(Problem) -> Result {
        var reader = self.body()
        return try body(&reader)
    }

    /// The frames in memory, each copied.
    public static func all(in bytes: UnsafeRawBufferPointer, _ take: (Frame) -> Void) throws(BrokenFrame) {
        var rest = bytes
        while !rest.isEmpty {
            guard rest.count >= lengthBytes else { throw BrokenFrame("it ends within its length") }
            let length = try length(rest)
            guard rest.count - lengthBytes >= length else { throw BrokenFrame("it is shorter than it says") }
            let frame = Frame(length: length) { memory in
                memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: rest[lengthBytes..<lengthBytes + length]))
                return true
            }
            take(frame!)
            rest = UnsafeRawBufferPointer(rebasing: rest[(lengthBytes + length)...])
        }
    }
}

extension Frame {
    /// How many of the bytes are whole frames.
    public static func wholeBytes(in bytes: UnsafeRawBufferPointer) throws(BrokenFrame) -> Int {
        var whole = 0
        while bytes.count - whole >= lengthBytes {
            let length = try length(UnsafeRawBufferPointer(rebasing: bytes[whole...]))
            guard bytes.count - whole - lengthBytes >= length else { break }
            whole += lengthBytes + length
        }
        return whole
    }
}
