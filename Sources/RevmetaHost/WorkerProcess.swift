internal import Glibc
internal import RevmetaRelease
internal import RevmetaRunner
internal import Synchronization

/// A runner in a process of its own: a library that crashes, hangs or floods costs that process.
final class WorkerProcess: PluginTransport {
    private let process: pid_t
    private let socket: Int32
    private let output: Int32
    private let sender: CallThread
    let memory = FrameMemory()
    private let state = Mutex(State())

    private struct State {
        /// How many pieces the sending thread has still to send.
        var waiting = 0
        var isGone = false
        var isClosed = false
        var isAskedToLeave = false
        var isKilled = false
    }

    /// How long a process may take to end once its socket is closed.
    private static let leaveSeconds = 12

    /// Starts a worker.
    ///
    /// - Parameters:
    ///   - executable: The program `revmeta-worker`.
    ///   - environment: `NAME=value`; whatever the plugin's libraries are to see of ours.
    ///   - say: Takes each line that the plugin's libraries write to standard output or standard error.
    static func start(
        _ executable: String, environment: [String], events: TransportEvents, say: @escaping @Sendable (String) -> Void
    ) throws(PluginProblem) -> WorkerProcess {
        func problem(_ what: String) -> PluginProblem {
            PluginProblem("no worker can be started for it: \(what): \(String(cString: strerror(errno)))")
        }
        var sockets: [Int32] = [-1, -1], pipes: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &sockets) == 0 else {
            throw problem("the system gives no socket")
        }
        // Not a pipe: it could not be had without another worker, started at the same moment, inheriting it.
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pipes) == 0 else {
            for socket in sockets { Glibc.close(socket) }
            throw problem("the system gives no second socket")
        }
        var process = pid_t()
        let status = spawn(executable, environment, socket: sockets[1], output: pipes[1], &process)
        Glibc.close(sockets[1])
        Glibc.close(pipes[1])
        guard status == 0, let sender = CallThread.start(), let reader = CallThread.start() else {
            if status == 0 {
                Glibc.kill(process, SIGKILL)
                waitpid(process, nil, 0)
            }
            Glibc.close(sockets[0])
            Glibc.close(pipes[0])
            if status != 0 { errno = status }
            throw problem(status == 0 ? "the system has no thread left" : "\(executable) does not start")
        }
        let worker = WorkerProcess(process, socket: sockets[0], output: pipes[0], sender: sender)
        reader.append { worker.listen(events, say) }
        reader.finish()
        return worker
    }

    private init(_ process: pid_t, socket: Int32, output: Int32, sender: CallThread) {
        self.process = process
        self.socket = socket
        self.output = output
        self.sender = sender
    }

    private static func spawn(
        _ executable: String, _ environment: [String], socket: Int32, output: Int32, _ process: inout pid_t
    ) -> Int32 {
        var actions = posix_spawn_file_actions_t(), attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)
        posix_spawn_file_actions_adddup2(&actions, socket, 3)
        // A group of its own: the terminal's Ctrl-C is for the host, which knows what to do about it.
        var all = sigset_t(), none = sigset_t()
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(executable), strdup(Release.version), nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        defer { for text in arguments + variables { free(text) } }
        return posix_spawn(&process, executable, &actions, &attributes, &arguments, &variables)
    }

    func send(_ frames: [UInt8]) {
        // At once as far as there is room, so that the worker need not wait for a thread to wake up; what is left, and what
        // comes while something is left, by a thread that may wait.
        let isSent = state.withLock { state in
            guard !state.isClosed else { return true }
            let sent = state.waiting == 0 ? Self.send(frames, from: 0, to: socket, Int32(MSG_DONTWAIT)) : 0
            guard sent < frames.count else { return true }
            state.waiting += 1
            sender.append { [self] in finishSending(frames, from: sent) }
            return false
        }
        if isSent { memory.take(frames) }
    }

    private func finishSending(_ frames: [UInt8], from start: Int) {
        // The reader learns how the worker ended, and tells.
        if !state.withLock({ $0.isClosed }) { _ = Self.send(frames, from: start, to: socket, 0) }
        state.withLock { $0.waiting -= 1 }
        memory.take(frames)
    }

    /// Sends what it can. Gives how many bytes are sent then.
    private static func send(_ frames: [UInt8], from start: Int, to socket: Int32, _ flags: Int32) -> Int {
        frames.withUnsafeBytes { bytes in
            var sent = start
            while sent < bytes.count {
                let count = Glibc.send(socket, bytes.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL) | flags)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                sent += count
            }
            return sent
        }
    }

    func leave() {
        state.withLock { $0.isAskedToLeave = true }
        // After what is still to be sent.
        sender.append { [self] in
            if !state.withLock({ $0.isClosed }) { shutdown(socket, Int32(SHUT_WR)) }
        }
    }

    func kill() {
        state.withLock { state in
            state.isKilled = true
            // The number is ours as long as nobody has waited for the process.
            if !state.isGone { Glibc.kill(process, SIGKILL) }
        }
    }

    /// Takes what the worker sends and says, until it is gone.
    private func listen(_ events: TransportEvents, _ say: @escaping @Sendable (String) -> Void) {
        var lines = OutputLines(say)
        let incoming = IncomingFrames()
        var descriptors = [
            pollfd(fd: socket, events: Int16(POLLIN), revents: 0), pollfd(fd: output, events: Int16(POLLIN), revents: 0),
        ]
        var brokenFrame: BrokenFrame?
        while descriptors[0].fd >= 0 {
            guard poll(&descriptors, 2, -1) >= 0 || errno == EINTR else { break }
            if descriptors[1].revents != 0, !lines.read(output) { descriptors[1].fd = -1 }
            guard descriptors[0].revents != 0 else { continue }
            do throws(BrokenFrame) {
                if try !incoming.read(socket, events.frame) { descriptors[0].fd = -1 }
            } catch {
                brokenFrame = error
                descriptors[0].fd = -1
            }
        }
        let end = reap(isBroken: brokenFrame != nil)
        // What it said last, as far as it is there: somebody it started may hold the pipe for ever.
        var last = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        while descriptors[1].fd >= 0, poll(&last, 1, 0) > 0, lines.read(output) {}
        lines.end()
        sender.append { [self] in
            state.withLock { $0.isClosed = true }
            Glibc.close(socket)
        }
        sender.finish()
        Glibc.close(output)
        let what = brokenFrame.map { "sent a frame that cannot be read: \($0.message)" } ?? end.inWords
        events.end(what + lines.lastWords)
    }

    /// Waits for the process to end; makes it, if it does not.
    private func reap(isBroken: Bool) -> WorkerEnd {
        if isBroken { kill() }
        var status: Int32 = 0
        let isAskedToLeave = state.withLock { $0.isAskedToLeave }
        // One that closed its socket unasked cannot be talked to any more.
        let patience = monotonicNanoseconds() + (isAskedToLeave ? Int64(Self.leaveSeconds) : 1) * 1_000_000_000
        while true {
            let found = state.withLock { state in
                let found = waitpid(process, &status, WNOHANG)
                if found != 0 { state.isGone = true }
                return found
            }
            if found != 0 { return WorkerEnd(status: status, wasKilled: state.withLock { $0.isKilled }) }
            if monotonicNanoseconds() > patience { kill() }
            usleep(500)
        }
    }
}
