#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

import RevmetaJSON

/// A file of a catalog folder: the answers to one of the catalog's calls.
struct CatalogFile: Sendable {
    typealias Content = CatalogContent

    enum Format: String, CaseIterable {
        /// A list answer, `{"data": […]}`, or a bare array.
        case json
        /// One entity a line.
        case jsonl
    }

    let folder: String
    let content: Content
    let format: Format

    var name: String { "\(content.rawValue).\(format.rawValue)" }
    var path: String { "\(folder)/\(name)" }

    /// The file of a content in a folder, or nil if there is none.
    static func find(_ content: Content, in folder: String) throws(CatalogError) -> CatalogFile? {
        var found: [CatalogFile] = []
        for format in Format.allCases {
            let file = CatalogFile(folder: folder, content: content, format: format)
            if try file.exists() { found.append(file) }
        }
        guard found.count < 2 else {
            let names = found.map(\.name).joined(separator: " and ")
            throw CatalogError(
                file: folder, message: "expected one file of \(content.rawValue), found \(names); remove one")
        }
        return found.first
    }

    private func exists() throws(CatalogError) -> Bool {
        var status = stat()
        if stat(path, &status) == 0 { return true }
        guard errno == ENOENT else { throw CatalogError(file: name, message: "cannot be read: \(systemMessage())") }
        return false
    }
}
