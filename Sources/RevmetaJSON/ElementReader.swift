#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reads the elements of one file, each into a value, holding little more than one element in memory.
package final class ElementReader {
    private let window: TextWindow
    private var splitter: any ElementSplitter
    private let explain: @Sendable (Data) -> Fault?
    private let decoder = JSONDecoder()

    /// Opens a file of JSON with lists in it, or of one value a line.
    package init(path: String, _ shape: ListShape, isLines: Bool = false) throws(DocumentError) {
        do {
            window = try TextWindow(path: path)
        } catch {
            throw DocumentError(message: error.message)
        }
        splitter = isLines ? JSONLinesSplitter() : JSONListSplitter(shape)
        explain = shape.explain
    }

    /// Reads the next element and hands it to `body`. False at the file's end.
    package func readNext<Answer: JSONScannable>(
        _ type: Answer.Type, _ body: (Answer) throws(Fault) -> Void
    ) throws(DocumentError) -> Bool {
        try readNext(type, withText: false) { answer, _ throws(Fault) in try body(answer) }
    }

    /// Reads the next element and hands it to `body`, with its own text if that is asked for. False at the file's end.
    package func readNext<Answer: JSONScannable>(
        _ type: Answer.Type, withText: Bool, _ body: (Answer, String?) throws(Fault) -> Void
    ) throws(DocumentError) -> Bool {
        guard let element = try nextElement() else { return false }
        do {
            let text = withText ? window.withData(element.bytes) { String(decoding: $0, as: UTF8.self) } : nil
            // The decoder takes eight times as long.
            if let answer = scanned(type, element.bytes) {
                try body(answer, text)
            } else {
                try body(decode(type, element.bytes), text)
            }
        } catch {
            throw DocumentError(line: element.line, message: (explanation(element.bytes) ?? error).message)
        }
        return true
    }

    /// Where the next element lies, to be read with ``decode(_:_:)`` before the one after it is asked for; nil at the file's
    /// end.
    package func nextElement() throws(DocumentError) -> SplitElement? {
        do {
            while true {
                let element = try window.withBytes(from: splitter.position) { bytes throws(Fault) in
                    try splitter.scan(bytes)
                }
                if let element { return element }
                guard try window.advance(keepingFrom: splitter.elementStart ?? splitter.position) else {
                    return try splitter.finish()
                }
            }
        } catch {
            throw DocumentError(line: splitter.line, message: error.message)
        }
    }

    /// Nil: it does not look as usual.
    private func scanned<Answer: JSONScannable>(_ type: Answer.Type, _ stretch: Range<Int>) -> Answer? {
        window.withBytes(from: stretch.lowerBound) { bytes in
            try? JSONCursor.read(bytes.extracting(first: stretch.count)) { cursor, bytes throws(JSONCursor.Unusual) in
                try Answer(&cursor, bytes)
            }
        }
    }

    package func decode<Answer: Decodable>(_ type: Answer.Type, _ stretch: Range<Int>) throws(Fault) -> Answer {
        do {
            return try window.withData(stretch) { data in try decoder.decode(type, from: data) }
        } catch {
            throw window.withData(stretch) { data in Fault(decoding: data, error) }
        }
    }

    /// What stood around the lists, as far as it was read, with the lists' elements left out.
    package func decodeAround<Answer: Decodable>(_ type: Answer.Type) throws(Fault) -> Answer {
        let around = Data(splitter.around)
        do {
            return try decoder.decode(type, from: around)
        } catch {
            throw Fault(decoding: around, error)
        }
    }

    private func explanation(_ stretch: Range<Int>) -> Fault? {
        window.withData(stretch) { data in explain(data) }
    }
}
