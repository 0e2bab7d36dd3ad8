internal import Glibc

/// A thread beside the session's own.
package struct Helper {
    private let thread: pthread_t

    private final class Work {
        let body: () -> Void

        init(_ body: @escaping () -> Void) {
            self.body = body
        }
    }

    /// Starts one; nil: the system has none left.
    ///
    /// - Parameter body: Shares nothing with other threads but what is made for that.
    package init?(_ body: @escaping () -> Void) {
        var thread = pthread_t()
        let work = Unmanaged.passRetained(Work(body))
        let status = pthread_create(&thread, nil, { pointer in
            Unmanaged<Work>.fromOpaque(pointer!).takeRetainedValue().body()
            return nil
        }, work.toOpaque())
        guard status == 0 else {
            work.release()
            return nil
        }
        self.thread = thread
    }

    /// Waits until it has ended. Either this or ``detach()``, once.
    package func join() {
        pthread_join(thread, nil)
    }

    /// Leaves it to itself.
    package func detach() {
        pthread_detach(thread)
    }
}
