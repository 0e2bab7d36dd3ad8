public import RevmetaPlugin
internal import RevmetaThreads

/// What a lane holds: a connection, with what the connector keeps beside it.
public protocol LaneSession: AnyObject, Sendable {
    /// Whether nothing can be sent any more.
    var isLost: Bool { get }

    /// Makes what is under way end soon. From any thread.
    func cancel()

    func close()
}

/// Connections side by side, each on a thread of its own. They work jobs off while the caller listens.
///
/// Why threads of our own, even for one connection: a driver may block for as long as it likes, in connecting above all,
/// where nothing ends it. Here the caller waits for a lane, never for a driver, and sees at once that the host wants to stop.
public final class Lanes<Session: LaneSession>: @unchecked Sendable {  // all that changes is behind the monitor
    private typealias Task = @Sendable (Swift.Result<Session, Failure>) -> Void

    private let open: @Sendable () throws(Failure) -> Session
    private let limit: Int
    private let monitor = Monitor()
    private var tasks: [Task] = []
    private var sessions: [Session] = []
    private var threads = 0
    private var connecting = 0
    private var isClosed = false
    /// Counts calls of `work`. A lane that could not connect rests until the next one.
    private var round = 0

    /// - Parameters:
    ///   - limit: How many lanes there may be.
    ///   - open: Connects; called on the lane's thread when it has something to do.
    public init(limit: Int, open: @escaping @Sendable () throws(Failure) -> Session) {
        self.limit = limit
        self.open = open
    }

    /// What is told of a driver that took longer than it may.
    public static func silence(seconds: Int) -> String { "the driver did not answer within \(seconds) s" }

    /// Has each job performed by any lane, and takes each answer on the caller's thread as soon as it is there.
    ///
    /// - Parameters:
    ///   - seconds: How long all of it may take; nil: as long as the host lets the call.
    ///   - check: Throws as soon as the host wants the call to end; asked ten times a second.
    ///   - perform: On a lane's thread.
    ///   - take: Given the job's number and its answer. What it throws ends the work.
    public func work<Job: Sendable, Answer: Sendable>(
        _ jobs: [Job], seconds: Int? = nil, check: () throws(Failure) -> Void,
        perform: @escaping @Sendable (Session, Job) throws(Failure) -> Answer,
        take: (Int, Swift.Result<Answer, Failure>) throws(Failure) -> Void
    ) throws(Failure) {
        let board = Board<Answer>()
        let end = seconds.map { ContinuousClock.now + .seconds($0) }
        monitor.locked {
            round += 1
            for (number, job) in jobs.enumerated() {
                tasks.append { session in
                    self.monitor.locked { board.running += 1 }
                    let answer: Swift.Result<Answer, Failure>
                    do throws(Failure) { answer = .success(try perform(session.get(), job)) } catch { answer = .failure(error) }
                    self.monitor.locked {
                        board.running -= 1
                        board.answers.append((number, answer))
                        self.monitor.signal()
                    }
                }
            }
            startThreads()
            monitor.signal()
        }
        guard monitor.locked({ threads > 0 }) else {
            throw Failure(.transient, "the system starts no more threads for this process")
        }
        var taken = 0
        while taken < jobs.count {
            let answers = monitor.locked {
                if board.answers.isEmpty { monitor.wait(milliseconds: 100) }
                defer { board.answers = [] }
                return board.answers
            }
            do throws(Failure) {
                for (number, answer) in answers {
                    taken += 1
                    try take(number, answer)
                }
                guard taken < jobs.count else { return }
                try check()
                if let end, ContinuousClock.now >= end {
                    throw Failure(.transient, Self.silence(seconds: seconds ?? 0))
                }
            } catch {
                stop(board)
                throw error
            }
        }
    }

    /// Takes back what no lane has begun, and ends what is under way. A driver that pays no attention is left to itself.
    private func stop<Answer>(_ board: Board<Answer>) {
        var rounds = 0
        monitor.locked { tasks = [] }
        while rounds < 30 {
            let (running, sessions) = monitor.locked { (board.running, self.sessions) }
            guard running > 0 else { return }
            for session in sessions { session.cancel() }
            monitor.locked { if board.running > 0 { monitor.wait(milliseconds: 100) } }
            rounds += 1
        }
    }

    /// Closes all connections. A lane that is still busy closes its own when it is done.
    public func close() {
        monitor.locked {
            isClosed = true
            tasks = []
            monitor.signal()
        }
        var rounds = 0
        while rounds < 20, monitor.locked({ threads > 0 }) {
            monitor.locked { if threads > 0 { monitor.wait(milliseconds: 100) } }
            rounds += 1
        }
    }

    /// To connect costs a source as much as a few statements, so few jobs are no reason for another lane.
    private func startThreads() {
        while threads < limit, threads == 0 || tasks.count > threads * 4, let thread = Helper({ self.serve() }) {
            thread.detach()
            threads += 1
        }
    }

    /// A lane's life.
    private func serve() {
        var session: Session?
        var rested = 0
        while let task = nextTask(rested: rested) {
            if let lost = session, lost.isLost {
                drop(lost)
                session = nil
            }
            if session == nil {
                do throws(Failure) {
                    session = try connected()
                } catch {
                    if let unserved = unserved(task) {
                        for task in unserved { task(.failure(error)) }
                    } else {
                        rested = monitor.locked { round }
                    }
                    continue
                }
            }
            if let session { task(.success(session)) }
        }
        if let session { drop(session) }
        monitor.locked {
            threads -= 1
            monitor.signal()
        }
    }

    private func nextTask(rested: Int) -> Task? {
        monitor.locked {
            while !isClosed {
                if !tasks.isEmpty, rested < round || sessions.isEmpty && connecting == 0 { return tasks.removeFirst() }
                monitor.wait()
            }
            return nil
        }
    }

    private func connected() throws(Failure) -> Session {
        monitor.locked { connecting += 1 }
        defer {
            monitor.locked {
                connecting -= 1
                monitor.signal()
            }
        }
        let session = try open()
        monitor.locked { sessions.append(session) }
        return session
    }

    /// What nobody can do, after a lane could not connect; nil: other lanes can, and have it back. Sources limit how many
    /// connections there are.
    private func unserved(_ task: @escaping Task) -> [Task]? {
        monitor.locked {
            guard sessions.isEmpty, connecting == 0 else {
                tasks.insert(task, at: 0)
                monitor.signal()
                return nil
            }
            defer { tasks = [] }
            return [task] + tasks
        }
    }

    private func drop(_ session: Session) {
        monitor.locked {
            sessions.removeAll { $0 === session }
            monitor.signal()
        }
        session.close()
    }
}

/// Where lanes put their answers for the one who listens. Behind the lanes' monitor.
private final class Board<Answer: Sendable>: @unchecked Sendable {
    var answers: [(Int, Swift.Result<Answer, Failure>)] = []
    var running = 0
}
