internal import Foundation

/// A folder that gets its name when all its files are whole: nobody meets half of it.
final class NewFolder {
    private let path: String
    private let draft: String
    private var file: (name: String, handle: FileHandle)?
    private var isKept = false

    init(_ path: String) throws(Complaint) {
        // Beside the folder, whose own name may end in a slash.
        let name = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        self.path = name
        draft = name + ".\(ProcessInfo.processInfo.processIdentifier).part"
        let files = FileManager.default
        if let there = try? files.contentsOfDirectory(atPath: name), !there.isEmpty {
            throw .configuration("\(name) is not empty: name another folder, or move what is in it away")
        }
        do {
            try files.createDirectory(atPath: draft, withIntermediateDirectories: true)
        } catch {
            throw .configuration("\(name) cannot be made: \(error.localizedDescription)")
        }
    }

    deinit {
        if !isKept { try? FileManager.default.removeItem(atPath: draft) }
    }

    /// Writes on in a file. One file is written after the other.
    func append(_ bytes: [UInt8], to name: String) throws {
        do {
            if file?.name != name {
                try close()
                let path = draft + "/" + name
                guard FileManager.default.createFile(atPath: path, contents: nil), let handle = FileHandle(forWritingAtPath: path)
                else { throw CocoaError(.fileWriteUnknown) }
                file = (name, handle)
            }
            try file?.handle.write(contentsOf: bytes)
        } catch {
            throw Complaint.configuration("\(path)/\(name) cannot be written: \(error.localizedDescription)")
        }
    }

    /// Gives the folder its name.
    func keep() throws {
        do {
            try close()
        } catch {
            throw Complaint.configuration("\(path) cannot be written: \(error.localizedDescription)")
        }
        // An empty folder of that name is replaced.
        guard rename(draft, path) == 0 else {
            throw Complaint.configuration("\(path) cannot be written: \(String(cString: strerror(errno)))")
        }
        isKept = true
    }

    private func close() throws {
        try file?.handle.synchronize()
        try file?.handle.close()
        file = nil
    }
}
