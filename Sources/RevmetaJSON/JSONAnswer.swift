#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Makes values of stretches of a text that is held in memory.
enum JSONAnswer {
    static func read<Answer: JSONScannable>(
        _ type: Answer.Type, _ bytes: [UInt8], _ stretch: Range<Int>, by decoder: JSONDecoder
    ) throws(Fault) -> Answer {
        // The decoder takes eight times as long.
        let scanned = try? JSONCursor.read(bytes.span.extracting(stretch)) { cursor, bytes throws(JSONCursor.Unusual) in
            try Answer(&cursor, bytes)
        }
        if let scanned { return scanned }
        do {
            return try withData(bytes, stretch) { data in try decoder.decode(type, from: data) }
        } catch {
            throw withData(bytes, stretch) { data in Fault(decoding: data, error) }
        }
    }

    static func checkUTF8(_ bytes: [UInt8]) throws(Fault) {
        do {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            throw Fault("the byte at offset \(error.byteOffsets.lowerBound) is not UTF-8")
        }
    }

    /// Calls `body` with a stretch of the text, not copied: the data must not outlive the call.
    private static func withData<Result>(
        _ bytes: [UInt8], _ stretch: Range<Int>, _ body: (Data) throws -> Result
    ) rethrows -> Result {
        try bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return try body(Data()) }
            let start = UnsafeMutableRawPointer(mutating: base + stretch.lowerBound)
            return try body(Data(bytesNoCopy: start, count: stretch.count, deallocator: .none))
        }
    }
}

/// A text of JSON that is one value and comes in pieces.
package struct ValueText: Sendable {
    private var bytes: [UInt8] = []

    package init() {}

    package mutating func append(_ piece: some Sequence<UInt8>) {
        bytes.append(contentsOf: piece)
    }

    /// Checks that the text may be one.
    package func finish() throws(Fault) {
        try JSONAnswer.checkUTF8(bytes)
    }

    package func decode<Answer: JSONScannable>(_ type: Answer.Type) throws(Fault) -> Answer {
        try JSONAnswer.read(type, bytes, 0..<bytes.count, by: JSONDecoder())
    }

    /// The text itself.
    package var string: String { String(decoding: bytes, as: UTF8.self) }
}
