#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A file's text, of which one stretch at a time is held in memory.
///
/// Offsets are bytes from the text's beginning, which a byte order mark is no part of. Only bytes that were found to be
/// UTF-8 are shown; what is not UTF-8 becomes an error when the window would have to move onto it.
final class TextWindow {
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private let descriptor: Int32
    private let maximumSize: Int
    private var storage: [UInt8]
    /// How much of the storage holds the file's bytes, and how much of that is known to be UTF-8.
    private var filled = 0
    private var validated = 0
    private var isAtEnd = false
    /// Whether the byte after the validated ones can begin no UTF-8.
    private var isInvalid = false
    /// The text's offset of the storage's first byte.
    private var beginning = 0
    private var markLength = 0

    /// Opens the file. `capacity` is how many bytes are read at once; the window grows to hold a longer element, but not
    /// beyond `maximumSize`: what is longer still is none.
    init(path: String, capacity: Int = 256 * 1024, maximumSize: Int = 256 * 1024 * 1024) throws(Fault) {
        self.maximumSize = maximumSize
        storage = Array(repeating: 0, count: max(capacity, Self.byteOrderMark.count))
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Fault("cannot be opened: \(systemMessage())") }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Calls `body` with the bytes from `offset` on that the window holds.
    func withBytes<Result, Failure>(
        from offset: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let bytes = storage
        return try body(bytes.span.extracting((offset - beginning)..<validated))
    }

    /// Calls `body` with a stretch that the window holds, not copied: the data must not outlive the call.
    func withData<Result>(_ stretch: Range<Int>, _ body: (Data) throws -> Result) rethrows -> Result {
        try storage.withUnsafeBytes { buffer in
            let bytes = UnsafeMutableRawPointer(mutating: buffer.baseAddress! + (stretch.lowerBound - beginning))
            return try body(Data(bytesNoCopy: bytes, count: stretch.count, deallocator: .none))
        }
    }

    /// Reads on, keeping what lies from `offset` on. False at the file's end.
    func advance(keepingFrom offset: Int) throws(Fault) -> Bool {
        if isInvalid {
            throw Fault("the byte at offset \(markLength + beginning + validated) is not UTF-8; save the file in UTF-8")
        }
        if isAtEnd { return false }
        drop(before: offset)
        if filled > storage.count / 2 { try grow() }
        try fill()
        validate()
        return true
    }

    private func drop(before offset: Int) {
        let dropped = offset - beginning
        guard dropped > 0 else { return }
        storage.withUnsafeMutableBytes { buffer in
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[dropped..<filled]))
        }
        beginning = offset
        filled -= dropped
        validated -= dropped
    }

    private func grow() throws(Fault) {
        guard storage.count < maximumSize else {
            throw Fault("what starts here does not end within \(storage.count) bytes")
        }
        storage.append(contentsOf: repeatElement(0, count: storage.count))
    }

    private func fill() throws(Fault) {
        let isFirst = markLength + beginning + filled == 0
        while filled < storage.count, !isAtEnd {
            let count = storage.withUnsafeMutableBytes { buffer in
                read(descriptor, buffer.baseAddress! + filled, buffer.count - filled)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Fault("cannot be read: \(systemMessage())") }
            filled += count
            isAtEnd = count == 0
        }
        if isFirst, storage[..<filled].starts(with: Self.byteOrderMark) {
            markLength = Self.byteOrderMark.count
            drop(before: markLength)
            beginning = 0
            validated = 0
        }
    }

    /// Checks the bytes that were not checked yet, but for a character that the next read may complete.
    private func validate() {
        let bytes = storage
        do {
            _ = try UTF8Span(validating: bytes.span.extracting(validated..<filled))
            validated = filled
        } catch {
            let mayBeCompleted = error.kind == .truncatedScalar && validated + error.byteOffsets.upperBound == filled
            isInvalid = isAtEnd || !mayBeCompleted
            validated += error.byteOffsets.lowerBound
        }
    }
}
