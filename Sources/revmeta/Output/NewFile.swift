internal import Foundation
internal import Glibc

/// A file that gets its name when it is whole: nobody meets half of it.
final class NewFile {
    private let path: String
    private let draft: String
    private let handle: FileHandle
    private var buffer: [UInt8] = []
    private var isKept = false

    init(_ path: String) throws(Complaint) {
        var status = stat()
        // What a link leads to is replaced, not the link; and nothing that is no file.
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            throw .configuration("\(path) cannot be written: it is there, and is no plain file")
        }
        let path = realpath(path, nil).map { resolved in
            defer { free(resolved) }
            return String(cString: resolved)
        } ?? path
        self.path = path
        draft = path + ".\(ProcessInfo.processInfo.processIdentifier).part"
        guard FileManager.default.createFile(atPath: draft, contents: nil), let handle = FileHandle(forWritingAtPath: draft)
        else {
            let reason = String(cString: strerror(errno))
            throw .configuration("\(path) cannot be written: \(reason)")
        }
        self.handle = handle
    }

    deinit {
        if !isKept { try? FileManager.default.removeItem(atPath: draft) }
    }

    func write(_ text: String) throws {
        buffer += text.utf8
        if buffer.count >= 1 << 16 { try flush() }
    }

    private func flush() throws {
        do {
            try handle.write(contentsOf: buffer)
        } catch {
            throw Complaint.configuration("\(path) cannot be written: \(error.localizedDescription)")
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Gives the file its name, in place of what had it before.
    func keep() throws {
        try flush()
        do {
            try handle.synchronize()
            try handle.close()
        } catch {
            throw Complaint.configuration("\(path) cannot be written: \(error.localizedDescription)")
        }
        guard rename(draft, path) == 0 else {
            throw Complaint.configuration("\(path) cannot be written: \(String(cString: strerror(errno)))")
        }
        isKept = true
    }
}
