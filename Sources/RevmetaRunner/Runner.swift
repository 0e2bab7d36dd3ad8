internal import CRevmeta
internal import Synchronization

/// Runs one plugin: loads it, and makes the calls that frames ask for. The only one who calls across the C boundary.
///
/// In a worker's process, or in the host's own.
public final class Runner: Sendable {
    /// Takes frames, whole ones, from any thread. They are valid until it returns.
    public typealias Output = @Sendable (UnsafeRawBufferPointer) -> Void

    private let output: Output
    private let state = Mutex(State())

    private struct State {
        var library: PluginLibrary?
        var logLevel: Int32 = 0
        var sessions: [UInt64: RunnerSession] = [:]
        var templates: RunnerTemplates?
        var calls: [UInt64: RunningCall] = [:]
    }

    public init(output: @escaping Output) {
        self.output = output
    }

    /// Does what a frame asks for, or has it done on a session's thread.
    public func take(_ frame: Frame) throws(BrokenFrame) {
        guard let request = Request(rawValue: frame.kind) else { throw BrokenFrame("its kind is \(frame.kind)") }
        var body = frame.body()
        switch request {
        case .load: try load(&body, call: frame.call)
        case .cancel: state.withLock { $0.calls[frame.call] }?.cancel()
        case .interrupt:
            let session = state.withLock { $0.sessions[frame.call] }
            // On a thread of its own: to interrupt may mean to ask a server.
            if let session, let thread = CallThread.start() {
                thread.append { session.interrupt() }
                thread.finish()
            }
        case .open: try open(frame, &body)
        case .close: try close(frame, &body)
        case .abilities, .read, .plan, .check, .execute, .executeKept: try call(request, frame, &body)
        case .forgetPlan: try forgetPlan(&body)
        case .compile, .render, .release: try template(request, frame, &body)
        }
    }

    private func load(_ body: inout FrameReader, call: UInt64) throws(BrokenFrame) {
        let level = try body.number(Int32.self)
        let path = try body.present()
        let identity = PluginIdentity(
            id: try body.present(), version: try body.present(), interfaces: try body.texts(),
            abiMinor: try body.number(UInt32.self))
        var answer = FrameWriter()
        answer.begin(Answer.loaded.rawValue, call: call)
        do throws(UnusablePlugin) {
            let library = try PluginLibrary(path, as: identity)
            state.withLock { state in
                state.library = library
                state.logLevel = level
            }
            answer.text(nil)
            answer.number(UInt8(library.template == nil ? 0 : 1))
            answer.number(UInt8(library.connector == nil ? 0 : 1))
            if let dialect = library.connector?.dialect { answer.dialect(dialect) }
        } catch {
            answer.text(error.description)
        }
        answer.end()
        answer.bytes.withUnsafeBytes(output)
    }

    private func open(_ frame: Frame, _ body: inout FrameReader) throws(BrokenFrame) {
        let number = try body.number(UInt64.self), limit = try body.number(Int64.self)
        let arena = Arena()
        let settings = try body.settings(in: arena)
        guard let connector = state.withLock({ $0.library?.connector }) else {
            throw BrokenFrame("it asks for a session of a plugin that has no connector")
        }
        let answers = AnswerBuffer(output)
        let call = running(frame.call, limit, answers)
        guard let thread = CallThread.start() else {
            return call.run { context, _ in
                "the system has no thread left for a session".withFailure { context.pointee.fail(context, $0) }
                return REVMETA_TRANSIENT
            }
        }
        let session = RunnerSession(
            connector.table, interrupt: state.withLock { $0.library?.interrupt }, thread: thread, answers: answers)
        state.withLock { $0.sessions[number] = session }
        thread.append {
            withExtendedLifetime((frame, arena)) { session.open(call, settings) }
            session.keep(call)
            self.forget(call)
        }
    }

    private func close(_ frame: Frame, _ body: inout FrameReader) throws(BrokenFrame) {
        let number = try body.number(UInt64.self)
        let call = frame.call
        guard let session = state.withLock({ $0.sessions.removeValue(forKey: number) }) else {
            // It was never opened.
            return Self.endWell(call, AnswerBuffer(output))
        }
        session.thread.append {
            session.close()
            Self.endWell(call, session.answers)
        }
        session.thread.finish()
    }

    private static func endWell(_ call: UInt64, _ answers: AnswerBuffer) {
        answers.add(.ended, call: call) { writer in
            writer.number(REVMETA_OK)
            writer.number(UInt8(0))
        }
        answers.flush()
    }

    private func call(_ request: Request, _ frame: Frame, _ body: inout FrameReader) throws(BrokenFrame) {
        let number = try body.number(UInt64.self), limit = try body.number(Int64.self)
        guard let session = state.withLock({ $0.sessions[number] }) else {
            throw BrokenFrame("it asks something of session \(number), which is not open")
        }
        let call = running(frame.call, limit, session.answers, label: try body.str())
        let arena = Arena()
        let work: () -> Void
        switch request {
        case .abilities: work = { session.abilities(call) }
        case .read:
            let entities = try body.entities(in: arena), attributes = try body.strs(in: arena)
            work = { session.read(call, entities, attributes) }
        case .plan:
            let number = try body.number(UInt64.self), changes = try body.changes(in: arena)
            work = { session.plan(call, changes, keeping: RunnerPlan(changes, in: frame, arena), as: number) }
        case .check:
            let changes = try body.changes(in: arena)
            work = { session.check(call, changes) }
        case .executeKept:
            work = session.execution(call, .kept(try body.parts()))
        default:
            let changes = try body.changes(in: arena), statements = try body.statements(in: arena)
            work = session.execution(call, .given(changes, statements))
        }
        session.thread.append {
            withExtendedLifetime((frame, arena), work)
            session.keep(call)
            self.forget(call)
        }
    }

    private func forgetPlan(_ body: inout FrameReader) throws(BrokenFrame) {
        let number = try body.number(UInt64.self), plan = try body.number(UInt64.self)
        // With the session its plans have gone.
        guard let session = state.withLock({ $0.sessions[number] }) else { return }
        session.thread.append { session.forgetPlan(plan) }
    }

    private func template(_ request: Request, _ frame: Frame, _ body: inout FrameReader) throws(BrokenFrame) {
        let number = try body.number(UInt64.self)
        guard let templates = try templates() else {
            return running(frame.call, 0, AnswerBuffer(output)).run { context, _ in
                "the system has no thread left for templates".withFailure { context.pointee.fail(context, $0) }
                return REVMETA_TRANSIENT
            }
        }
        guard request != .release else {
            return templates.thread.append {
                templates.release(number)
                Self.endWell(frame.call, templates.answers)
            }
        }
        let limit = try body.number(Int64.self)
        let call = running(frame.call, limit, templates.answers, label: try body.str())
        let arena = Arena()
        let work: () -> Void
        if request == .compile {
            let dialect = try body.dialect(), text = try body.str(), names = try body.strs(in: arena)
            let flags = try body.number(UInt32.self)
            work = { templates.compile(call, as: number, dialect, text, names, flags: flags) }
        } else {
            let items = try body.renderings(in: arena)
            work = { templates.render(call, number, items) }
        }
        templates.thread.append {
            withExtendedLifetime((frame, arena), work)
            self.forget(call)
        }
    }

    /// The engine with its thread, begun when it is first asked for; nil: there is no thread left for it.
    private func templates() throws(BrokenFrame) -> RunnerTemplates? {
        let (begun, table) = state.withLock { ($0.templates, $0.library?.template?.table) }
        if let begun { return begun }
        guard let table else { throw BrokenFrame("it asks for a template of a plugin that has no engine") }
        guard let thread = CallThread.start() else { return nil }
        let templates = RunnerTemplates(table, thread: thread, answers: AnswerBuffer(output))
        state.withLock { $0.templates = templates }
        return templates
    }

    private func running(
        _ number: UInt64, _ limit: Int64, _ answers: AnswerBuffer, label: revmeta_str = revmeta_str(ptr: nil, len: 0)
    ) -> RunningCall {
        state.withLock { state in
            let call = RunningCall(number, limit: limit, logLevel: state.logLevel, answers: answers, label: label)
            state.calls[number] = call
            return call
        }
    }

    private func forget(_ call: RunningCall) {
        _ = state.withLock { $0.calls.removeValue(forKey: call.number) }
    }

    /// Gives up what runs and closes all sessions, since nobody is there to hear of it.
    ///
    /// Returns at once; `whenClosed` is called on some thread once all are closed, which may never be.
    public func leave(whenClosed: @escaping @Sendable () -> Void) {
        let (sessions, calls, templates) = state.withLock { state in
            defer { (state.sessions, state.templates) = ([:], nil) }
            return (Array(state.sessions.values), Array(state.calls.values), state.templates)
        }
        for call in calls { call.cancel() }
        let open = Mutex(sessions.count + (templates == nil ? 1 : 2))
        let closed: @Sendable () -> Void = {
            let isLast = open.withLock { open in
                open -= 1
                return open == 0
            }
            if isLast { whenClosed() }
        }
        for session in sessions {
            session.thread.append {
                session.close()
                closed()
            }
            session.thread.finish()
        }
        if let templates {
            templates.thread.append {
                templates.releaseAll()
                closed()
            }
            templates.thread.finish()
        }
        // After the cancels: what does not look at them is interrupted.
        let interrupter = CallThread.start()
        interrupter?.append { for session in sessions { session.interrupt() } }
        interrupter?.finish()
        closed()
    }
}

extension FrameReader {
    mutating func present() throws(BrokenFrame) -> String {
        guard let text = try text() else { throw BrokenFrame("a text is absent") }
        return text
    }

    mutating func texts() throws(BrokenFrame) -> [String] {
        var texts: [String] = []
        for _ in 0..<(try count()) { texts.append(try present()) }
        return texts
    }
}

extension String {
    func withFailure(_ body: (UnsafePointer<revmeta_failure>) -> Void) {
        var text = self
        text.withUTF8 { bytes in
            var failure = revmeta_failure()
            failure.struct_size = UInt32(MemoryLayout<revmeta_failure>.size)
            failure.message = revmeta_str(
                ptr: UnsafeRawPointer(bytes.baseAddress!).assumingMemoryBound(to: CChar.self), len: bytes.count)
            withUnsafePointer(to: failure) { body($0) }
        }
    }
}
