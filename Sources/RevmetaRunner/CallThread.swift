internal import Glibc

/// An OS thread of its own for calls that block and that must always come from the same thread.
///
/// Why: libmariadb keeps state per thread, libpq forbids two threads on one connection, ODBC drivers' thread safety is a
/// rumour, and a blocked call must never hold a thread of Swift's pool.
public final class CallThread: @unchecked Sendable {  // all state is behind the mutex
    private var mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private var wakeUp = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var work: [() -> Void] = []
    private var isFinished = false
    private var hasEnded = false

    private init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(wakeUp, nil)
    }

    deinit {
        pthread_cond_destroy(wakeUp)
        pthread_mutex_destroy(mutex)
        wakeUp.deallocate()
        mutex.deallocate()
    }

    /// Starts a thread; nil: the system has none left.
    public static func start() -> CallThread? {
        let new = CallThread()
        var thread = pthread_t()
        let kept = Unmanaged.passRetained(new)
        let status = pthread_create(&thread, nil, { pointer in
            Unmanaged<CallThread>.fromOpaque(pointer!).takeRetainedValue().run()
            return nil
        }, kept.toOpaque())
        guard status == 0 else {
            kept.release()
            return nil
        }
        pthread_detach(thread)
        return new
    }

    /// Adds work, which runs after all that was added before. It is dropped if the thread has ended.
    public func append(_ item: @escaping () -> Void) {
        pthread_mutex_lock(mutex)
        if !hasEnded { work.append(item) }
        pthread_cond_signal(wakeUp)
        pthread_mutex_unlock(mutex)
    }

    /// Ends the thread once it has done what was added.
    public func finish() {
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
            hasEnded = items.isEmpty
            pthread_mutex_unlock(mutex)
            if items.isEmpty { return }
            for item in items { item() }
        }
    }
}
