internal import CGlibc
internal import Glibc
internal import Synchronization

/// Has the system begin to write out SQLite's log while there is other work, so that the wait for the disk is short where one
/// must be waited for.
///
/// It is for speed alone: nothing depends on it, and what fails is passed over.
final class LogWriteOut: Sendable {
    private let path: String
    private let file = Mutex<Int32>(-1)

    /// - Parameter database: The path of the database's file.
    init(of database: String) {
        path = database + "-wal"
    }

    deinit {
        let file = file.withLock { $0 }
        if file >= 0 { Glibc.close(file) }
    }

    /// Begins to write out what is there by now, and waits for none of it.
    func begin() {
        file.withLock { file in
            // SQLite's locks are on other files: to close this one frees none of them.
            if file < 0 { file = open(path, O_RDONLY | O_CLOEXEC) }
            if file >= 0 { revmeta_begin_writing_out(file) }
        }
    }
}
