internal import FoundationEssentials
internal import Glibc

/// Keeps a journal to one process: a lock on a file beside it, which says who holds it.
final class JournalLock: Sendable {
    private let file: Int32

    /// Takes the lock, or says who has it and since when.
    init(journal: String) throws(JournalError) {
        // Before there is anything to be undone: an init that throws later has `deinit` run too, which would close again what is
        // another's descriptor by then, and empty its file.
        file = try Self.take(journal)
        let holder = "process \(getpid()) since \(Date().formatted(.iso8601))"
        ftruncate(file, 0)
        _ = holder.utf8CString.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count - 1, 0) }
    }

    private static func take(_ journal: String) throws(JournalError) -> Int32 {
        let path = journal + ".lock"
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else {
            throw JournalError("the journal's lock \(path) cannot be opened: \(String(cString: strerror(errno)))")
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let holder = content(of: file)
            close(file)
            throw JournalError(
                "the journal \(journal) is in use\(holder.isEmpty ? "" : " by \(holder)"): wait until that has ended, or end it")
        }
        return file
    }

    deinit {
        // The file stays: removing it would let two processes lock two files of one name.
        ftruncate(file, 0)
        // A child that is just being started holds a copy of the descriptor, which closing ours would not unlock.
        flock(file, LOCK_UN)
        close(file)
    }

    /// Whether some process seems to have the lock, by what the file says: to try it would be in the way of who wants it now.
    static func isHeld(journal: String) -> Bool {
        let file = open(journal + ".lock", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        let words = content(of: file).split(separator: " ")
        guard words.first == "process", words.count > 1, let holder = pid_t(words[1]) else { return false }
        return kill(holder, 0) == 0 || errno == EPERM
    }

    private static func content(of file: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = pread(file, &bytes, bytes.count, 0)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : ""
    }
}
