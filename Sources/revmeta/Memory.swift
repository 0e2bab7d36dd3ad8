internal import CMalloc
internal import FoundationEssentials

/// How the program's memory is had from the system.
enum Memory {
    /// For a program that does one thing and ends; it must not have begun threads yet.
    ///
    /// A plan goes from thread to thread. By itself the C library gives each thread memory of its own, which grows page by
    /// page, gives back what is free, and is of no use to other threads: getting it took a twentieth of a run's time. A server
    /// is another matter: it does much at once, and may be idle for days.
    static func settleForOneTask() {
        // Two processors seldom want memory at the same moment.
        mallopt(M_ARENA_MAX, Int32(max(1, ProcessInfo.processInfo.activeProcessorCount / 2)))
        mallopt(M_TOP_PAD, 4 << 20)
        mallopt(M_TRIM_THRESHOLD, 64 << 20)
        mallopt(M_MMAP_THRESHOLD, 32 << 20)
    }
}
