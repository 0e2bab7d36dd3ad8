internal import Glibc

/// What one session's thread has to say, collected into large pieces.
///
/// Outcomes do not wait long: what is known to be written must survive the plugin.
final class AnswerBuffer {
    private var writer = FrameWriter()
    private var open: (kind: UInt8, call: UInt64)?
    /// For frames that come from other threads.
    let direct: Runner.Output
    private var flushed: Int64 = 0
    private static let mostBytes = 1 << 16
    private static let longestWait: Int64 = 5_000_000

    init(_ output: @escaping Runner.Output) {
        direct = output
    }

    /// Writes an item of a kind; items of one kind share a frame.
    ///
    /// If writing throws, nothing of the item is kept.
    func add<Problem: Error>(
        _ kind: Answer, call: UInt64, _ write: (inout FrameWriter) throws(Problem) -> Void
    ) throws(Problem) {
        if open?.kind != kind.rawValue || open?.call != call {
            end()
            writer.begin(kind.rawValue, call: call)
            open = (kind.rawValue, call)
        }
        let before = writer.count
        do throws(Problem) {
            try write(&writer)
        } catch {
            writer.cut(to: before)
            throw error
        }
        if writer.count >= Self.mostBytes { flush() }
    }

    func flushIfDue() {
        let now = Self.now()
        if now - flushed >= Self.longestWait { flush(now) }
    }

    func flush() {
        flush(Self.now())
    }

    /// As of the system's last tick, some milliseconds ago at most: it is asked for with each outcome.
    private static func now() -> Int64 { nanoseconds(of: CLOCK_MONOTONIC_COARSE) }

    private func flush(_ now: Int64) {
        end()
        flushed = now
        guard !writer.bytes.isEmpty else { return }
        writer.bytes.withUnsafeBytes(direct)
        writer.clear()
    }

    private func end() {
        guard open != nil else { return }
        writer.end()
        open = nil
    }
}

/// The time on the clock that deadlines are told on.
public func monotonicNanoseconds() -> Int64 { nanoseconds(of: CLOCK_MONOTONIC) }

private func nanoseconds(of clock: clockid_t) -> Int64 {
    var now = timespec()
    clock_gettime(clock, &now)
    return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
}
