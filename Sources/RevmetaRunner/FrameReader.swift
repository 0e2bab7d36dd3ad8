/// Reads the body of a frame from memory that stays where it is as long as the reader is used.
public struct FrameReader {
    @usableFromInline var rest: UnsafeRawBufferPointer

    public init(_ body: UnsafeRawBufferPointer) {
        rest = body
    }

    // Inlined: there are some tens of thousands of them, and unspecialized each costs a look-up of its type.
    @inlinable
    public mutating func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) throws(BrokenFrame) -> Number {
        let size = MemoryLayout<Number>.size
        guard rest.count >= size else { throw BrokenFrame("it ends within a number") }
        defer { rest = UnsafeRawBufferPointer(rebasing: rest[size...]) }
        return Number(littleEndian: rest.loadUnaligned(as: Number.self))
    }

    /// Nil: the text is absent. Empty texts have an address too.
    mutating func data() throws(BrokenFrame) -> UnsafeRawBufferPointer? {
        let count = try number(UInt32.self)
        guard count != FrameWriter.absent else { return nil }
        guard rest.count >= Int(count) else { throw BrokenFrame("it ends within a text") }
        defer { rest = UnsafeRawBufferPointer(rebasing: rest[Int(count)...]) }
        return UnsafeRawBufferPointer(start: rest.baseAddress, count: Int(count))
    }

    /// Nil: the text is absent.
    public mutating func text() throws(BrokenFrame) -> String? {
        switch try lentText() {
        case .absent: return nil
        case .text(let text): return text
        case .notUTF8: throw BrokenFrame("it holds a text that is not UTF-8")
        }
    }

    /// A text as a plugin gave it.
    public enum LentText: Sendable {
        case absent
        case text(String)
        case notUTF8
    }

    public mutating func lentText() throws(BrokenFrame) -> LentText {
        guard let data = try data() else { return .absent }
        // Not `String(validating:as:)`: that looks up a type for each text.
        guard let text = try? UTF8Span(validating: data.assumingMemoryBound(to: UInt8.self).span) else { return .notUTF8 }
        return .text(String(copying: text))
    }

    /// A text in which what is not UTF-8 is mended.
    public mutating func mendedText() throws(BrokenFrame) -> String {
        String(decoding: try data() ?? UnsafeRawBufferPointer(start: nil, count: 0), as: UTF8.self)
    }

    /// The number of the items that follow, each of which takes at least a byte.
    public mutating func count() throws(BrokenFrame) -> Int {
        let count = Int(try number(UInt32.self))
        guard count <= rest.count else { throw BrokenFrame("it promises \(count) items and has \(rest.count) bytes left") }
        return count
    }

    public var isAtEnd: Bool { rest.isEmpty }
}

/// What is wrong with a frame: nobody who keeps to the protocol sends it.
public struct BrokenFrame: Error, Sendable {
    public let message: String

    public init(_ message: String) {
        self.message = message
    }
}
