import Glibc

/// A lock, and a way to wait for what another thread does under it.
final class Monitor {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let change = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(change, nil)
    }

    deinit {
        pthread_cond_destroy(change)
        pthread_mutex_destroy(mutex)
        change.deallocate()
        mutex.deallocate()
    }

    /// Does something that no other thread sees half done.
    func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    /// Lets others have the lock until one of them says that something changed, and at times for no reason. Under the lock.
    func wait() {
        pthread_cond_wait(change, mutex)
    }

    /// Wakes all who wait. Under the lock.
    func changed() {
        pthread_cond_broadcast(change)
    }

    /// Lets others have the lock while something is done that needs it not. Under the lock.
    func unlocked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_unlock(mutex)
        defer { pthread_mutex_lock(mutex) }
        return body()
    }
}
