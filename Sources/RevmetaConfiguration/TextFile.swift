import Foundation

/// A small text file, read with errors that can be shown.
struct TextFile {
    let path: String

    /// Continues a sentence that begins with the file.
    enum Unreadable: Error, CustomStringConvertible {
        case missing, folder, denied, tooLarge(limit: Int), notUTF8, broken

        var description: String {
            switch self {
            case .missing: "does not exist"
            case .folder: "is a folder: expected a file"
            case .denied: "may not be read by this user: check its permissions"
            case .tooLarge(let limit): "is larger than \(limit) bytes, the most that is read"
            case .notUTF8: "is no UTF-8 text: save it in that encoding"
            case .broken: "cannot be read"
            }
        }
    }

    func read(atMost limit: Int) throws(Unreadable) -> String {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { throw .missing }
        guard !isFolder.boolValue else { throw .folder }
        guard FileManager.default.isReadableFile(atPath: path) else { throw .denied }
        // Not by its size: pipes, which shells hand over for <(…), have none.
        guard let handle = FileHandle(forReadingAtPath: path) else { throw .broken }
        defer { try? handle.close() }
        let data: Data
        do {
            data = try handle.read(upToCount: limit + 1) ?? Data()
        } catch {
            throw .broken
        }
        guard data.count <= limit else { throw .tooLarge(limit: limit) }
        guard let text = String(validating: data, as: UTF8.self) else { throw .notUTF8 }
        return text
    }
}

extension String {
    /// The path itself if it is absolute, else from the folder on; without its empty and `.` steps.
    func absolutePath(in folder: String) -> String {
        let steps = (hasPrefix("/") ? self : "\(folder)/\(self)").split(separator: "/").filter { $0 != "." }
        return "/" + steps.joined(separator: "/")
    }
}
