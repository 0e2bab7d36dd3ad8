internal import Glibc
internal import RevmetaPlugin

/// The calls to the operating system. What goes wrong is told with the file's path and what to do.
enum Files {
    static func isFolder(_ path: String) -> Bool { mode(of: path).map { $0 & S_IFMT == S_IFDIR } ?? false }

    static func isFile(_ path: String) -> Bool { mode(of: path).map { $0 & S_IFMT == S_IFREG } ?? false }

    static func isWritable(folder: String) -> Bool { access(folder, W_OK | X_OK) == 0 }

    /// The names in a folder. One that is not UTF-8 is left out: no catalog can ask for it.
    static func names(in folder: String) throws(Failure) -> [String] {
        guard let stream = opendir(folder) else { throw failure(toDo: "list", folder) }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            // Not through pointee: an entry is shorter in memory than its type.
            let start = UnsafeRawPointer(entry) + MemoryLayout<dirent>.offset(of: \.d_name)!
            if let name = String(validatingCString: start.assumingMemoryBound(to: CChar.self)) { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw failure(toDo: "list", folder) }
        return names
    }

    /// A file's bytes. Nil: there is no such file.
    static func contents(of path: String) throws(Failure) -> [UInt8]? {
        guard access(path, F_OK) == 0 || errno != ENOENT else { return nil }
        var contents: [UInt8] = []
        try read(path) { block in
            contents += block
            return true
        }
        return contents
    }

    /// Reads a file block by block, for as long as `take` wants more.
    static func read(_ path: String, _ take: (ArraySlice<UInt8>) -> Bool) throws(Failure) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure(toDo: "read", path) }
        defer { close(file) }
        var block = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(file, &block, block.count)
            guard count >= 0 else { throw failure(toDo: "read", path) }
            guard count > 0, take(block[..<count]) else { return }
        }
    }

    /// Replaces a file in one step: whoever reads it sees the old or the new contents whole, a power cut included.
    ///
    /// The name of the new file until then is fixed, since the lock lets only one writer in.
    static func replace(_ path: String, in folder: String, with contents: [UInt8]) throws(Failure) {
        let new = path + ".new"
        let file = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o666)
        guard file >= 0 else { throw failure(toDo: "write", new) }
        do throws(Failure) {
            defer { close(file) }
            if let mode = mode(of: path), fchmod(file, mode & 0o7777) != 0 { throw failure(toDo: "write", new) }
            try write(contents, to: file, new)
            guard fsync(file) == 0 else { throw failure(toDo: "write", new) }
            guard rename(new, path) == 0 else { throw failure(toDo: "replace", path) }
        } catch {
            unlink(new)
            throw error
        }
        try sync(folder)
    }

    private static func write(_ contents: [UInt8], to file: Int32, _ path: String) throws(Failure) {
        var rest = contents[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count >= 0 else { throw failure(toDo: "write", path) }
            rest = rest.dropFirst(count)
        }
    }

    private static func sync(_ folder: String) throws(Failure) {
        let file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw failure(toDo: "write", folder) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw failure(toDo: "write", folder) }
    }

    private static func mode(of path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode : nil
    }

    /// Says why the call that just failed did, and who must act.
    static func failure(toDo action: String, _ path: String) -> Failure {
        let code = errno
        let reason = "cannot \(action) '\(path)': \(String(cString: strerror(code)))"
        guard [EACCES, EPERM, EROFS].contains(code) else { return Failure(.failed, reason, vendorCode: code) }
        return Failure(.denied, reason + "; let the account that runs revmeta do that", vendorCode: code)
    }
}

/// The right to write below a folder, held by one session at a time and given back when the process ends.
final class WriteLock {
    private let file: Int32

    init(on folder: String) throws(Failure) {
        let opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else { throw WriteLock.failure(folder) }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            let failure =
                errno == EWOULDBLOCK
                ? Failure(.transient, "another session writes notes below '\(folder)': try again when it has ended")
                : WriteLock.failure(folder)
            close(opened)
            throw failure
        }
        file = opened
    }

    deinit {
        close(file)
    }

    /// `failed` whatever the reason, since that is how execute may end.
    private static func failure(_ folder: String) -> Failure {
        Failure(.failed, Files.failure(toDo: "lock", folder).message)
    }
}
