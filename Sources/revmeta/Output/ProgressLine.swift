internal import RevmetaEngine
internal import Synchronization

/// Shows counts and rate on a terminal while work goes on, in one line that is rewritten.
final class ProgressLine: Sendable {
    private struct State {
        var compared = 0
        var written = 0
        var shown = ContinuousClock.now
        var began = ContinuousClock.now
        var isVisible = false
    }

    private let state = Mutex(State())
    private let isWanted: Bool

    init(quiet: Bool) {
        isWanted = !quiet && Terminal.standardError.isInteractive
    }

    /// Takes what the engine tells; cheap enough to be told often.
    var report: @Sendable (Progress) -> Void {
        { [self] progress in
            guard isWanted else { return }
            let text = state.withLock { state -> String? in
                let count: Int, what: String
                switch progress {
                case .compared(let facts):
                    state.compared += facts
                    (count, what) = (state.compared, "facts compared")
                case .written(let changes):
                    // The rate is that of writing, so the clock starts with its first batch.
                    if state.written == 0 { state.began = state.shown }
                    state.written += changes
                    (count, what) = (state.written, "changes written")
                }
                let now = ContinuousClock.now
                guard !state.isVisible || now - state.shown > .milliseconds(100) else { return nil }
                state.shown = now
                state.isVisible = true
                let seconds = (now - state.began) / .seconds(1)
                let rate = seconds > 0 ? ", \(Int(Double(count) / seconds)) a second" : ""
                return "\r\u{1B}[K\(count) \(what)\(rate)"
            }
            if let text {
                Terminal.standardError.write(text)
                Terminal.standardError.flush()
            }
        }
    }

    /// Takes the line away.
    func end() {
        guard state.withLock({ $0.isVisible }) else { return }
        Terminal.standardError.write("\r\u{1B}[K")
        Terminal.standardError.flush()
    }
}
