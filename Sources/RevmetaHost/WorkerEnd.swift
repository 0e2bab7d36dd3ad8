internal import Glibc

/// How a worker's process ended.
struct WorkerEnd {
    /// As `waitpid` gives it.
    var status: Int32
    /// Whether it was us.
    var wasKilled: Bool

    /// What follows the plugin's name.
    var inWords: String {
        let signal = status & 0x7F
        guard signal != 0 else {
            return "ended its process with exit code \((status >> 8) & 0xFF)"
        }
        if wasKilled { return "was ended, since it did not answer any more" }
        return "was ended by \(Self.name(of: signal))"
    }

    private static func name(of signal: Int32) -> String {
        switch signal {
        case SIGABRT: "SIGABRT (it gave up)"
        case SIGSEGV: "SIGSEGV (it used memory that is not its own)"
        case SIGBUS: "SIGBUS (it used memory that is not there)"
        case SIGILL: "SIGILL (an illegal instruction, or a trap)"
        case SIGTRAP: "SIGTRAP (a trap)"
        case SIGFPE: "SIGFPE (an impossible calculation)"
        case SIGKILL: "SIGKILL (somebody ended it, or the system ran out of memory)"
        case SIGTERM: "SIGTERM (somebody ended it)"
        case SIGPIPE: "SIGPIPE"
        case SIGHUP: "SIGHUP"
        case SIGINT: "SIGINT"
        case SIGQUIT: "SIGQUIT"
        case SIGSYS: "SIGSYS (a forbidden system call)"
        case SIGXCPU: "SIGXCPU (a limit of time)"
        case SIGXFSZ: "SIGXFSZ (a limit of file size)"
        default: "signal \(signal)"
        }
    }
}
