internal import CGlibc
internal import Glibc
internal import Synchronization

/// Has the system begin to write out SQLite's log while there is other work, so that the wait for the disk is short where one
/// must be waited for.
///
/// It is for speed alone: nothing depends on it, and what fails is passed over.
final class LogWriteOut: Sendable {
    private let database: String
    private let file = Mutex<Int32>(-1)

    /// - Parameter database: The path of the database's file.
    init(of database: String) {
        self.database = database
    }

    deinit {
        close()
    }

    /// Closes the log's file. This may be the last to hold it, and to free all of it takes the system a while: nobody waits.
    func close() {
        let file = file.withLock { file in
            defer { file = -1 }
            return file
        }
        if file >= 0 { Task.detached { Glibc.close(file) } }
    }

    /// Begins to write out what is there by now. Waits for the disk only where that has too much to do already.
    ///
    /// - Returns: Whether the system took it.
    @discardableResult
    func begin() -> Bool {
        file.withLock { file in
            if file < 0 { file = open() }
            return file >= 0 && revmeta_begin_writing_out(file) == 0
        }
    }

    /// SQLite's locks are on other files: to close this one again frees none of them.
    private func open() -> Int32 {
        // The log lies beside the file itself, wherever a link to that may be.
        guard let path = realpath(database, nil) else { return -1 }
        defer { free(path) }
        return Glibc.open(String(cString: path) + "-wal", O_RDONLY | O_CLOEXEC)
    }
}
