internal import CGlibc
internal import Glibc
internal import RevmetaRelease
internal import RevmetaRunner

/// Runs one plugin for a host, which is at the other end of the socket that is descriptor 3.
///
/// Not for people: what they see is what the plugin's libraries write to standard output and standard error.
@main
struct Worker {
    /// How long closing the sessions may take once the host is gone.
    private static let leaveNanoseconds: Int64 = 10_000_000_000

    static func main() {
        // Calls go from thread to thread.
        revmeta_settle_memory(Int32(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 1 << 20)
        closeInherited(above: 3)
        guard let socket = WorkerSocket(inherited: 3) else {
            say("revmeta-worker is started by revmeta, which gives it a socket: start revmeta")
            exit(2)
        }
        if let problem = Release.problem(servingHost: CommandLine.arguments.dropFirst().first) {
            say(problem)
            exit(2)
        }
        let runner = Runner { socket.send($0) }
        while let frame = socket.receive() {
            do throws(BrokenFrame) {
                try runner.take(frame)
            } catch {
                // Nobody but the host sends frames: this is a mistake of ours.
                say("revmeta-worker was sent a frame that it cannot read: \(error.message)")
                _exit(70)
            }
        }
        // The host is gone. What still runs at the source is cancelled, so that the next host finds it free.
        // Not `exit`: what the plugin's libraries registered may wait for threads that are stuck.
        runner.leave { _exit(0) }
        let end = monotonicNanoseconds() + leaveNanoseconds
        while monotonicNanoseconds() < end { usleep(100_000) }
        _exit(71)
    }

    /// Closes what a library of the host's opened without a thought of other processes.
    private static func closeInherited(above last: Int32) {
        guard let folder = opendir("/proc/self/fd") else { return }
        var open: [Int32] = []
        while let entry = readdir(folder) {
            let number = withUnsafeBytes(of: entry.pointee.d_name) { atoi($0.baseAddress!.assumingMemoryBound(to: CChar.self)) }
            if number > last, number != dirfd(folder) { open.append(number) }
        }
        closedir(folder)
        for number in open { close(number) }
    }

    private static func say(_ text: String) {
        let line = text + "\n"
        _ = line.withCString { write(2, $0, strlen($0)) }
    }
}
