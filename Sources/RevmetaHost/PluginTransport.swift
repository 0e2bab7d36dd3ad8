internal import RevmetaRunner

/// The way to a runner and back.
protocol PluginTransport: Sendable {
    /// Where frames can be written.
    var memory: FrameMemory { get }

    /// Sends frames, whole ones, without waiting for anything.
    func send(_ frames: [UInt8])

    /// Tells the runner that nobody needs it any more.
    func leave()

    /// Ends the runner, whatever it is doing, if that is possible.
    func kill()
}

/// What comes back on the way from a runner.
struct TransportEvents: Sendable {
    /// A frame arrived. One at a time.
    var frame: @Sendable (Frame) -> Void
    /// Nothing more will come, and why: in words that follow the plugin's name.
    var end: @Sendable (String) -> Void
}

/// A runner in the host's own process: for debuggers.
final class LocalTransport: PluginTransport {
    private let runner: Runner
    private let events: TransportEvents
    let memory = FrameMemory()

    init(_ events: TransportEvents) {
        self.events = events
        runner = Runner { bytes in
            do throws(BrokenFrame) {
                try Frame.all(in: bytes, events.frame)
            } catch {
                events.end("sent a frame that cannot be read: \(error.message)")
            }
        }
    }

    func send(_ frames: [UInt8]) {
        frames.withUnsafeBytes { bytes in
            do throws(BrokenFrame) {
                var broken: BrokenFrame?
                try Frame.all(in: bytes) { frame in
                    do throws(BrokenFrame) { try runner.take(frame) } catch { broken = error }
                }
                if let broken { throw broken }
            } catch {
                events.end("was sent a frame that it cannot read: \(error.message)")
            }
        }
        memory.take(frames)
    }

    func leave() {
        runner.leave { [events] in events.end("is not needed any more") }
    }

    /// Nothing short of ending the host would do it.
    func kill() {}
}
