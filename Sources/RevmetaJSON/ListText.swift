#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A text of JSON with lists in it that comes in pieces and is held in memory: an answer of a server.
package struct ListText: Sendable {
    private var bytes: [UInt8] = []
    private var splitter: JSONListSplitter
    private let shape: ListShape
    /// The elements that ended so far, in their order.
    package private(set) var elements: [SplitElement] = []

    package init(_ shape: ListShape) {
        self.shape = shape
        splitter = JSONListSplitter(shape)
    }

    /// How many bytes there are so far.
    package var count: Int { bytes.count }

    /// Takes up the text's next piece.
    package mutating func append(_ piece: some Sequence<UInt8>) throws(Fault) {
        let known = bytes.count
        bytes.append(contentsOf: piece)
        let text = bytes
        let span = text.span
        // Every byte was scanned, so the splitter stands at the piece's beginning.
        assert(splitter.position == known)
        while let element = try splitter.scan(span.extracting(splitter.position..<span.count)) { elements.append(element) }
    }

    /// Checks that the text may end here.
    package mutating func finish() throws(Fault) {
        _ = try splitter.finish()
        try JSONAnswer.checkUTF8(bytes)
    }

    /// Hands each element as a value to `body`; an error says which one it is about.
    package func decodeAll<Answer: JSONScannable>(
        _ type: Answer.Type, _ body: (Answer, SplitElement) throws(Fault) -> Void
    ) throws(Fault) {
        let decoder = JSONDecoder()
        for (index, element) in elements.enumerated() {
            do {
                try body(JSONAnswer.read(type, bytes, element.bytes, by: decoder), element)
            } catch {
                throw Fault("data[\(index)]: \(error.message)")
            }
        }
    }

    /// What stands around the lists, with the lists' elements left out.
    package func decodeAround<Answer: Decodable>(_ type: Answer.Type) throws(Fault) -> Answer {
        let around = Data(splitter.around)
        do {
            return try JSONDecoder().decode(type, from: around)
        } catch {
            throw Fault(decoding: around, error)
        }
    }

    /// An element's own text.
    package func string(_ element: SplitElement) -> String { String(decoding: bytes[element.bytes], as: UTF8.self) }

    /// An element's text on one line. Within a text of JSON no line ends, so nothing is lost.
    package func line(_ element: SplitElement) -> [UInt8] {
        bytes[element.bytes].map { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") ? UInt8(ascii: " ") : $0 }
    }
}
