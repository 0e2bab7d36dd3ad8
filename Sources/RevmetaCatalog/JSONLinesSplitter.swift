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
                guard index < bytes.count, let element = try finish() else { return nil }
                // The line's end belongs to the line; it is consumed with it.
                position += 1
                line += 1
                elementStart = nil
                return element
            }
        }
        return nil
    }

    func finish() throws(Fault) -> SplitElement? {
        elementStart.map { SplitElement(bytes: $0..<position, line: line) }
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
