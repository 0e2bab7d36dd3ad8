internal import RevmetaModel
internal import RevmetaRunner
internal import Synchronization

/// The host's end of the way to one runner: numbers the calls, and hands answers to whoever waits for them.
final class PluginLink: Sendable {
    /// The plugin's id.
    let plugin: String
    private let service: String?
    let redaction: Redaction
    private let log: PluginLog
    private let limits: CallLimits
    /// What the end of the runner means to those who wait for it.
    private let endStatus: Failure.Status
    private let state = Mutex(State())

    private struct State {
        var transport: (any PluginTransport)?
        var calls: [UInt64: PendingCall] = [:]
        /// Of each session: the call that was asked for last.
        var lastCalls: [UInt64: PendingCall] = [:]
        var lastNumber: UInt64 = 0
        /// Why nothing can be asked any more.
        var end: Failure?
        var loading: CheckedContinuation<Result<LoadedPlugin, PluginProblem>, Never>?
        var isGone = false
        var waitingForGone: [CheckedContinuation<Void, Never>] = []
    }

    init(
        _ plugin: String, service: String?, redaction: Redaction = .none, log: PluginLog, limits: CallLimits, endStatus: Failure.Status
    ) {
        self.plugin = plugin
        self.service = service
        self.redaction = redaction
        self.log = log
        self.limits = limits
        self.endStatus = endStatus
    }

    deinit {
        // Neither the host nor a session is there any more.
        state.withLock { $0.transport }?.leave()
    }

    /// Goes to work over a transport, and has the plugin loaded.
    ///
    /// - Parameter connect: Opens the transport; its sentence if it cannot be opened.
    func load(
        _ library: String, as identity: PluginIdentity,
        over connect: (TransportEvents) throws(PluginProblem) -> any PluginTransport
    ) async throws(PluginProblem) -> LoadedPlugin {
        let events = TransportEvents(
            frame: { [weak self] in self?.take($0) },
            end: { [weak self] reason in
                self?.end(reason)
                self?.gone()
            })
        let transport: any PluginTransport
        do throws(PluginProblem) {
            transport = try connect(events)
        } catch {
            neverCame(error)
            throw error
        }
        state.withLock { $0.transport = transport }
        var request = FrameWriter()
        request.begin(Request.load.rawValue, call: 0)
        request.number(log.level.rawValue)
        request.text(library)
        request.text(identity.id)
        request.text(identity.version)
        request.texts(identity.interfaces)
        request.number(identity.abiMinor)
        request.end()
        let watch = Task {
            guard (try? await Task.sleep(for: limits.load)) != nil else { return }
            self.end("did not finish loading its library within \(limits.load.components.seconds) seconds")
            transport.kill()
        }
        defer { watch.cancel() }
        let result = await withCheckedContinuation { continuation in
            let end = state.withLock { state in
                if state.end == nil { state.loading = continuation }
                return state.end
            }
            if let end { return continuation.resume(returning: .failure(PluginProblem(end.message))) }
            transport.send(request.bytes)
        }
        return try result.get()
    }

    /// Why nothing can be asked any more; nil: all is well.
    var failure: Failure? { state.withLock { $0.end } }

    /// A number that no call and no session has yet.
    func newNumber() -> UInt64 {
        state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
    }

    /// Asks for a call and waits until it ends; what it emits goes to the collector. Nil: it went well.
    ///
    /// Before it first waits, the call is on its way: the calls of a session are made in the order in which they were asked for.
    ///
    /// If the calling task is cancelled, or the call takes too long, it is asked to stop; then the source is asked to give up;
    /// then the runner is ended.
    ///
    /// - Parameters:
    ///   - label: What the call is part of, for the source's own logs.
    ///   - size: About how many bytes are written.
    func call(
        _ request: Request, session: UInt64, label: String? = nil, collector: Collector, size: Int = 0,
        _ write: (inout FrameWriter) -> Void = { _ in }
    ) async -> Failure? {
        let call = PendingCall(newNumber(), session: session, collector: collector)
        let (transport, end, previous) = state.withLock { state in
            defer {
                if state.end == nil {
                    state.calls[call.number] = call
                    state.lastCalls[session] = request == .close ? nil : call
                }
            }
            return (state.transport, state.end, state.lastCalls[session])
        }
        guard let transport, end == nil else { return end }
        let limit = request == .close ? limits.close : limits.call
        var frame = transport.memory.writer(for: size)
        frame.begin(request.rawValue, call: call.number)
        frame.number(session)
        if request != .close {
            frame.number(limit?.nanoseconds ?? 0)
            if request != .open { frame.text(label) }
            write(&frame)
        }
        frame.end()
        let watch = limit.map { limit in
            Task { [limits] in
                // Its time begins when the session is free for it.
                _ = await previous?.ended()
                // A plugin that looks at its deadline ends the call itself.
                guard (try? await Task.sleep(for: limit + limits.grace)) != nil else { return }
                await self.stop(call, for: "took longer than \(limit.inWords)", over: transport)
            }
        }
        defer { watch?.cancel() }
        return await withTaskCancellationHandler {
            transport.send(frame.take())
            return await call.ended()
        } onCancel: {
            Task { await self.stop(call, for: "did not stop when it was asked to", over: transport) }
        }
    }

    /// Has a session closed that nobody holds any more, and does not wait for it.
    func closeUnheard(session: UInt64) {
        tell(.close, as: newNumber(), session)
    }

    /// Has a session's runner keep a plan no longer.
    func forget(plan: UInt64, of session: UInt64) {
        tell(.forgetPlan, as: 0, session, plan)
    }

    /// Sends what nobody waits for.
    private func tell(_ request: Request, as call: UInt64, _ numbers: UInt64...) {
        var frame = FrameWriter()
        frame.begin(request.rawValue, call: call)
        for number in numbers { frame.number(number) }
        frame.end()
        state.withLock { $0.transport }?.send(frame.bytes)
    }

    /// Ends a call: politely, then less so.
    private func stop(_ call: PendingCall, for reason: String, over transport: any PluginTransport) async {
        call.cancel()
        var frames = FrameWriter()
        frames.begin(Request.cancel.rawValue, call: call.number)
        frames.end()
        transport.send(frames.bytes)
        guard await !ends(call, within: limits.cancel) else { return }
        frames = FrameWriter()
        frames.begin(Request.interrupt.rawValue, call: call.session)
        frames.end()
        transport.send(frames.bytes)
        guard await !ends(call, within: limits.interrupt) else { return }
        end(reason, of: call)
        transport.kill()
    }

    private func ends(_ call: PendingCall, within time: Duration) async -> Bool {
        let end = ContinuousClock.now + time
        while !call.isEnded, ContinuousClock.now < end {
            guard (try? await Task.sleep(for: .milliseconds(10))) != nil else { return call.isEnded }
        }
        return call.isEnded
    }

    /// Notes that nobody needs the runner any more.
    func leave() {
        let transport = state.withLock { state in
            if state.end == nil { state.end = Failure(.invalid, "the plugin \(plugin) is not needed any more") }
            defer { state.transport = nil }
            return state.transport
        }
        transport?.leave()
    }

    /// Notes that there will be no runner.
    func neverCame(_ problem: PluginProblem) {
        finish(Failure(.config, problem.description))
        gone()
    }

    /// Notes that nobody needs the runner any more, and waits until it is gone.
    func leaveAndWait() async {
        leave()
        await withCheckedContinuation { continuation in
            let isGone = state.withLock { state in
                if !state.isGone { state.waitingForGone.append(continuation) }
                return state.isGone
            }
            if isGone { continuation.resume() }
        }
    }

    private func take(_ frame: Frame) {
        guard let answer = Answer(rawValue: frame.kind) else {
            return broken(BrokenFrame("its kind is \(frame.kind)"))
        }
        do throws(BrokenFrame) {
            switch answer {
            case .log: try takeLog(frame)
            case .loaded: try takeLoaded(frame)
            default:
                // A call that was given up may still have something to say.
                guard let call = state.withLock({ $0.calls[frame.call] }) else { return }
                if try call.take(answer, frame) { state.withLock { $0.calls[frame.call] = nil } }
            }
        } catch {
            broken(error)
        }
    }

    private func broken(_ frame: BrokenFrame) {
        let transport = state.withLock { $0.transport }
        end("sent a frame that cannot be read: \(frame.message)")
        transport?.kill()
    }

    private func takeLog(_ frame: Frame) throws(BrokenFrame) {
        let (level, text) = try frame.read { body throws(BrokenFrame) in
            (try body.number(Int32.self), try body.mendedText())
        }
        guard level <= log.level.rawValue else { return }
        log.write(PluginLog.Line(
            level: PluginLog.Level(rawValue: level) ?? .info, text: redaction(text), plugin: plugin, service: service))
    }

    private func takeLoaded(_ frame: Frame) throws(BrokenFrame) {
        let result = try frame.read { body throws(BrokenFrame) in try LoadedPlugin.read(&body) }
        let loading = state.withLock { state in
            defer { state.loading = nil }
            return state.loading
        }
        loading?.resume(returning: result)
    }

    private func gone() {
        let waiting = state.withLock { state in
            state.isGone = true
            defer { state.waitingForGone = [] }
            return state.waitingForGone
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Notes that the runner is gone: all who wait learn it.
    private func end(_ reason: String) {
        finish(Failure(endStatus, "the plugin \(plugin) \(redaction(reason))"))
    }

    private func end(_ reason: String, of call: PendingCall) {
        finish(Failure(endStatus, "the plugin \(plugin) was ended, since a call \(reason)"))
    }

    private func finish(_ failure: Failure) {
        let (calls, loading) = state.withLock { state in
            if state.end == nil { state.end = failure }
            defer {
                state.calls = [:]
                state.lastCalls = [:]
                state.loading = nil
                state.transport = nil
            }
            return (Array(state.calls.values), state.loading)
        }
        for call in calls { call.end(failure) }
        loading?.resume(returning: .failure(PluginProblem(failure.message)))
    }
}

/// How long things may take.
public struct CallLimits: Sendable, Equatable {
    /// Each call; nil: as long as it needs.
    public var call: Duration?
    public var load: Duration = .seconds(60)
    var close: Duration? = .seconds(5)
    /// From the end of a call's time until it is asked to stop.
    var grace: Duration = .seconds(1)
    /// From the moment that a call is asked to stop until its source is interrupted.
    var cancel: Duration = .seconds(2)
    /// From then until the runner is ended.
    var interrupt: Duration = .seconds(3)

    public init(call: Duration? = nil) {
        self.call = call
    }

    /// A template engine waits for nobody: what takes it long will not end.
    var forTemplates: CallLimits {
        var limits = self
        limits.call = min(call ?? Self.longestRendering, Self.longestRendering)
        limits.cancel = .milliseconds(200)
        limits.interrupt = .milliseconds(200)
        return limits
    }

    private static let longestRendering = Duration.seconds(30)
}

extension Duration {
    fileprivate var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }

    fileprivate var inWords: String {
        components.seconds >= 1 ? "\(components.seconds) seconds" : "\(nanoseconds / 1_000_000) milliseconds"
    }
}
