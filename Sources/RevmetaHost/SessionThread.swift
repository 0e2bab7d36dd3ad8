internal import Glibc

/// An executor with one OS thread of its own, for calls that block and that must always come from the same thread.
///
/// Why: libmariadb keeps state per thread, libpq forbids two threads on one connection, ODBC drivers' thread safety is
/// a rumour, and a blocked call must never hold a thread of Swift's pool.
final class SessionThread: SerialExecutor {
    private let queue = Queue()

    init() {
        queue.start()
    }

    deinit {
        queue.finish()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedSerialExecutor()
        queue.append { job.runSynchronously(on: executor) }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    /// What the thread works off; apart from the executor, so that the thread does not keep the executor alive.
    private final class Queue: @unchecked Sendable {  // all state is behind the mutex
        private var mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        private var wakeUp = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
        private var work: [@Sendable () -> Void] = []
        private var isFinished = false

        init() {
            pthread_mutex_init(mutex, nil)
            pthread_cond_init(wakeUp, nil)
        }

        deinit {
            pthread_cond_destroy(wakeUp)
            pthread_mutex_destroy(mutex)
            wakeUp.deallocate()
            mutex.deallocate()
        }

        func start() {
            var thread = pthread_t()
            let me = Unmanaged.passRetained(self)
            let status = pthread_create(&thread, nil, { pointer in
                Unmanaged<Queue>.fromOpaque(pointer!).takeRetainedValue().run()
                return nil
            }, me.toOpaque())
            precondition(status == 0, "the system has no thread left for a session")
            pthread_detach(thread)
        }

        func append(_ item: @escaping @Sendable () -> Void) {
            pthread_mutex_lock(mutex)
            work.append(item)
            pthread_cond_signal(wakeUp)
            pthread_mutex_unlock(mutex)
        }

        func finish() {
            pthread_mutex_lock(mutex)
            isFinished = true
            pthread_cond_signal(wakeUp)
            pthread_mutex_unlock(mutex)
        }

        private func run() {
            while true {
                pthread_mutex_lock(mutex)
                while work.isEmpty && !isFinished { pthread_cond_wait(wakeUp, mutex) }
                let items = work
                work.removeAll(keepingCapacity: true)
                pthread_mutex_unlock(mutex)
                if items.isEmpty { return }
                for item in items { item() }
            }
        }
    }
}
