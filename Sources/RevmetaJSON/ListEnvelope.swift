#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The object around a text's lists, kept with the elements left out: `{"data": [], "paging": {…}}`.
struct ListEnvelope {
    /// Any object: the decoder checks the whole text before it looks for a key.
    private struct Answer: Decodable {}

    private(set) var bytes: [UInt8] = []
    private let shape: ListShape
    private var textStart: Int?
    private var lastText: Range<Int>?
    private var key: Range<Int>?
    private var begun: Set<Int> = []
    /// The list whose elements follow the byte appended last, by its number in the shape.
    private(set) var beginsList: Int?

    init(_ shape: ListShape) {
        self.shape = shape
    }

    /// Takes up a byte that lies outside the elements; `nesting` has followed it.
    mutating func append(_ byte: UInt8, followedBy nesting: JSONNesting) throws(Fault) {
        guard bytes.count < shape.mostAround else {
            throw Fault("expected \(shape.whole), found an object with more than a list in it")
        }
        bytes.append(byte)
        beginsList = nil
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
            try beginList()
        default:
            break
        }
    }

    private mutating func beginList() throws(Fault) {
        guard let key, let list = shape.lists.firstIndex(where: { bytes[key].elementsEqual($0.utf8) }) else { return }
        guard begun.insert(list).inserted else { throw Fault("expected one list `\(shape.lists[list])`, found another") }
        beginsList = list
    }

    /// Checks the whole text at its end; a bare array has no envelope.
    func check() throws(Fault) {
        guard !bytes.isEmpty else { return }
        let answer = Data(bytes)
        do {
            _ = try JSONDecoder().decode(Answer.self, from: answer)
        } catch {
            throw Fault("what stands around the list's `\(shape.lists[0])` is not valid JSON")
        }
        guard let missing = shape.lists.indices.first(where: { !begun.contains($0) }) else { return }
        throw shape.explain(answer)
            ?? Fault("expected \(shape.whole), found an object without a `\(shape.lists[missing])` array")
    }
}
