#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The object around a list answer's `data`, kept with the elements left out: `{"data": [], "paging": {…}}`.
struct ListEnvelope {
    /// Any object: the decoder checks the whole text before it looks for a key.
    private struct Answer: Decodable {}

    /// No list answer has more than its paging beside `data`; what is longer is something else.
    static let maximumSize = 64 * 1024

    private var bytes: [UInt8] = []
    private var textStart: Int?
    private var lastText: Range<Int>?
    private var key: Range<Int>?
    private var hasData = false
    /// Whether the byte appended last opens the list of elements.
    private(set) var beginsData = false

    /// Takes up a byte that lies outside the elements; `nesting` has followed it.
    mutating func append(_ byte: UInt8, followedBy nesting: JSONNesting) throws(Fault) {
        guard bytes.count < Self.maximumSize else {
            throw Fault("expected \(JSONListSplitter.expectedAnswer), found an object with more than a list in it")
        }
        bytes.append(byte)
        beginsData = false
        switch byte {
        case UInt8(ascii: "\"") where nesting.depth == 1 && nesting.isInText:
            // An escaped quote comes here too, within a text that has begun.
            textStart = textStart ?? bytes.count
        case UInt8(ascii: "\"") where nesting.depth == 1:
            lastText = textStart.map { $0..<(bytes.count - 1) }
            textStart = nil
        case UInt8(ascii: ":") where nesting.depth == 1 && !nesting.isInText:
            key = lastText
        case UInt8(ascii: "[") where nesting.depth == 2 && !nesting.isInText:
            beginsData = key.map { bytes[$0].elementsEqual("data".utf8) } ?? false
            hasData = hasData || beginsData
        default:
            break
        }
    }

    /// Checks the whole answer at its end; a bare array has no envelope.
    func check() throws(Fault) {
        guard !bytes.isEmpty else { return }
        let decoder = JSONDecoder()
        let answer = Data(bytes)
        do {
            _ = try decoder.decode(Answer.self, from: answer)
        } catch {
            throw Fault("what stands around the list's `data` is not valid JSON")
        }
        guard !hasData else { return }
        throw (try? decoder.decode(ErrorAnswer.self, from: answer))?.fault
            ?? Fault("expected \(JSONListSplitter.expectedAnswer), found an object without a `data` array")
    }
}
