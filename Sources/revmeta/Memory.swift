internal import CGlibc
internal import FoundationEssentials

/// How the program's memory is had from the system.
enum Memory {
    /// For a program that does one thing and ends; it must not have begun threads yet.
    ///
    /// A plan goes from thread to thread. By itself the C library gives each thread memory of its own, which grows page by
    /// page, gives back what is free, and is of no use to other threads: getting it took a twentieth of a run's time. A server
    /// is another matter: it does much at once, and may be idle for days.
    static func settleForOneTask() {
        revmeta_settle_memory(Int32(ProcessInfo.processInfo.activeProcessorCount), 4 << 20)
    }
}
