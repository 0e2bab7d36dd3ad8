#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import RevmetaJSON

/// Reads the answers of a catalog's file one after the other, each into a value.
final class AnswerReader {
    private let file: CatalogFile
    private let reader: ElementReader

    init(_ file: CatalogFile) throws(CatalogError) {
        self.file = file
        do throws(DocumentError) {
            reader = try ElementReader(path: file.path, .answers, isLines: file.format == .jsonl)
        } catch {
            throw CatalogError(error, in: file)
        }
    }

    /// Reads the next answer and hands it to `body`. False at the file's end.
    func readNext<Answer: JSONScannable>(
        _ type: Answer.Type, _ body: (Answer) throws(Fault) -> Void
    ) throws(CatalogError) -> Bool {
        try readNext(type, withText: false) { answer, _ throws(Fault) in try body(answer) }
    }

    /// Reads the next answer and hands it to `body`, as it stands in the file too if that is asked for. False at the file's end.
    func readNext<Answer: JSONScannable>(
        _ type: Answer.Type, withText: Bool, _ body: (Answer, String?) throws(Fault) -> Void
    ) throws(CatalogError) -> Bool {
        do throws(DocumentError) {
            return try reader.readNext(type, withText: withText, body)
        } catch {
            throw CatalogError(error, in: file)
        }
    }
}

extension CatalogError {
    fileprivate init(_ error: DocumentError, in file: CatalogFile) {
        self.init(file: file.name, line: error.line, message: error.message)
    }
}

extension ListShape {
    /// What the catalog answers when it is asked for a list.
    static let answers = ListShape(
        lists: ["data"], allowsArray: true, whole: "a list answer, {\"data\": […]}, or an array", element: "an entity",
        elements: "entities"
    ) { data in
        (try? JSONDecoder().decode(ErrorAnswer.self, from: data))?.fault
    }
}
