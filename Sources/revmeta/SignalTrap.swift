internal import Dispatch
internal import Glibc
internal import Synchronization

/// Turns Ctrl-C and SIGTERM into a clean stop: the first asks to stop after what is being sent, the second to stop at once,
/// the third ends the process as the system would.
final class SignalTrap: Sendable {
    nonisolated(unsafe) private let sources: [any DispatchSourceSignal]  // kept alive, and touched by init alone
    private let state = Mutex<(count: Int, signal: Int32?)>((0, nil))

    /// - Parameters:
    ///   - first: Asks for a stop that finishes what is being sent.
    ///   - second: Asks for a stop at once.
    init(first: @escaping @Sendable () -> Void, second: @escaping @Sendable () -> Void) {
        let signals = [SIGINT, SIGTERM]
        sources = signals.map { DispatchSource.makeSignalSource(signal: $0, queue: .global()) }
        for (number, source) in zip(signals, sources) {
            // The system's own handling would end the process before the source is told.
            signal(number, SIG_IGN)
            source.setEventHandler { [self] in
                let count = state.withLock { state in
                    state.count += 1
                    state.signal = state.signal ?? number
                    return state.count
                }
                switch count {
                case 1: first()
                case 2: second()
                default:
                    signal(number, SIG_DFL)
                    raise(number)
                }
            }
            source.resume()
        }
    }

    /// The exit status that tells of the signal, 130 or 143; nil: there was none.
    var exitStatus: Int32? {
        state.withLock { $0.signal }.map { 128 + $0 }
    }
}
