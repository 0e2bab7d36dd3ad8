#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Splits a text into its lines that are not blank.
struct JSONLinesSplitter: ElementSplitter {
    private(set) var position = 0
    private(set) var elementStart: Int?
    private(set) var line = 1
    var around: [UInt8] { [] }

    mutating func scan(_ bytes: Span<UInt8>) throws(Fault) -> SplitElement? {
        let beginning = position
        var index = 0
        while index < bytes.count {
            if elementStart == nil {
                let byte = bytes[index]
                index += 1
                position = beginning + index
                if byte == UInt8(ascii: "\n") { line += 1 }
                if !isBlank(byte) { elementStart = position - 1 }
            } else {
                let length = Self.lineLength(in: bytes, from: index)
                index += length
                position = beginning + index
                guard index < bytes.count else { return nil }
                return endLine()
            }
        }
        return nil
    }

    mutating func finish() throws(Fault) -> SplitElement? {
        endLine()
    }

    /// Gives the line that ends here, unless it is blank.
    ///
    /// The line feed is left for the next scan, which counts it.
    private mutating func endLine() -> SplitElement? {
        defer { elementStart = nil }
        return elementStart.map { SplitElement(bytes: $0..<position, line: line) }
    }

    private static func lineLength(in bytes: Span<UInt8>, from start: Int) -> Int {
        bytes.withUnsafeBufferPointer { buffer in
            let rest = UnsafeRawBufferPointer(buffer)[start...]
            guard let base = UnsafeRawBufferPointer(rebasing: rest).baseAddress,
                let end = memchr(base, Int32(UInt8(ascii: "\n")), rest.count)
            else { return rest.count }
            return UnsafeRawPointer(end) - base
        }
    }
}
