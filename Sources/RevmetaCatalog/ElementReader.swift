#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reads the elements of one file, each into a value, holding little more than one element in memory.
final class ElementReader {
    private let file: CatalogFile
    private let window: TextWindow
    private var splitter: any ElementSplitter
    private let decoder = JSONDecoder()

    init(_ file: CatalogFile) throws(CatalogError) {
        self.file = file
        do {
            window = try TextWindow(path: file.path)
        } catch {
            throw CatalogError(file: file.name, message: error.message)
        }
        splitter = switch file.format {
        case .json: JSONListSplitter()
        case .jsonl: JSONLinesSplitter()
        }
    }

    /// Reads the next element and hands it to `body`. False at the file's end.
    func readNext<Answer: Decodable>(
        _ type: Answer.Type, _ body: (Answer) throws(Fault) -> Void
    ) throws(CatalogError) -> Bool {
        guard let element = try nextElement() else { return false }
        do {
            try body(decode(type, element.bytes))
        } catch {
            let fault = errorAnswer(element.bytes) ?? error
            throw CatalogError(file: file.name, line: element.line, message: fault.message)
        }
        return true
    }

    private func nextElement() throws(CatalogError) -> SplitElement? {
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
            throw CatalogError(file: file.name, line: splitter.line, message: error.message)
        }
    }

    private func decode<Answer: Decodable>(_ type: Answer.Type, _ stretch: Range<Int>) throws(Fault) -> Answer {
        do {
            return try window.withData(stretch) { data in try decoder.decode(type, from: data) }
        } catch {
            throw window.withData(stretch) { data in Fault(decoding: data, error) }
        }
    }

    /// The catalog's own error, if it was saved in an entity's stead.
    private func errorAnswer(_ stretch: Range<Int>) -> Fault? {
        try? window.withData(stretch) { data in try decoder.decode(ErrorAnswer.self, from: data).fault }
    }
}
