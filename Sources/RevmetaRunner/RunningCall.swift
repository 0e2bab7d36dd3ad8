internal import CRevmeta
internal import Synchronization

/// One call into the plugin: what it is handed to log, fail and learn that it should stop, and where its items go.
///
/// What the plugin emits is written down as it is; only what cannot be written down is refused here. Whether it makes sense is
/// for the host to judge.
final class RunningCall: @unchecked Sendable {  // but for `isCancelled` it is used on the session's thread only
    let number: UInt64
    private let limit: Int64
    private let logLevel: Int32
    private let answers: AnswerBuffer
    private let isCancelled = Atomic<Bool>(false)
    /// The plugin has returned: whatever it still says is not heard.
    private let isOver = Atomic<Bool>(false)
    /// What the plugin is given; not on the stack, since some keep it for longer than they may.
    private let handed = UnsafeMutablePointer<revmeta_call>.allocate(capacity: 1)
    private let label: revmeta_str
    /// What the plugin told with `fail` last.
    private var reason: Reason?
    /// Whether the plugin broke the contract.
    private(set) var isBroken = false
    /// Where what is planned is kept; nil: nowhere.
    var keptPlan: RunnerPlan?
    /// The statements of the rendering that goes on; nil: none were told.
    private var rendered: [FrameWriter]?

    private enum Reason {
        case told(FrameWriter)
        /// How the way of telling broke the contract.
        case broken(String)
    }

    /// - Parameters:
    ///   - limit: Nanoseconds that it may take once it begins; 0: as many as it needs.
    ///   - label: In memory that outlives the call into the plugin.
    init(_ number: UInt64, limit: Int64, logLevel: Int32, answers: AnswerBuffer, label: revmeta_str) {
        self.number = number
        self.limit = limit
        self.logLevel = logLevel
        self.answers = answers
        self.label = label
        handed.initialize(to: revmeta_call())
    }

    deinit {
        handed.deallocate()
    }

    /// Asks the plugin to stop. From any thread.
    func cancel() {
        isCancelled.store(true, ordering: .relaxed)
    }

    /// Makes the call, and tells the host how it ended.
    func run(_ body: (UnsafePointer<revmeta_call>, UnsafeMutableRawPointer) -> revmeta_status) {
        let me = Unmanaged.passUnretained(self).toOpaque()
        handed.pointee.struct_size = UInt32(MemoryLayout<revmeta_call>.size)
        handed.pointee.log_level = logLevel
        handed.pointee.deadline_ns = limit == 0 ? 0 : monotonicNanoseconds() + limit
        handed.pointee.context = me
        handed.pointee.cancelled = { RunningCall.of($0).isCancelled.load(ordering: .relaxed) ? 1 : 0 }
        handed.pointee.log = { call, level, text in RunningCall.of(call).log(level, text) }
        handed.pointee.fail = { call, details in RunningCall.of(call).fail(details) }
        handed.pointee.label = label
        let status = withExtendedLifetime(self) { body(handed, me) }
        // The frame that it lies in goes away.
        handed.pointee.label = revmeta_str(ptr: nil, len: 0)
        isOver.store(true, ordering: .relaxed)
        if status != REVMETA_OK, case .broken(let what)? = reason { breach(what) }
        answers.add(.ended, call: number) { writer in
            writer.number(status)
            if case .told(let told)? = reason, status != REVMETA_OK {
                writer.append(told)
            } else {
                writer.number(UInt8(0))
            }
        }
        answers.flush()
    }

    static func of(_ call: UnsafePointer<revmeta_call>?) -> RunningCall {
        of(call!.pointee.context)
    }

    static func of(_ context: UnsafeMutableRawPointer?) -> RunningCall {
        Unmanaged<RunningCall>.fromOpaque(context!).takeUnretainedValue()
    }

    private func log(_ level: Int32, _ text: revmeta_str) {
        guard !isOver.load(ordering: .relaxed), let start = text.ptr, text.len >= 0, level <= logLevel else { return }
        // Not through the buffer: a line may come from any thread.
        var writer = FrameWriter()
        writer.begin(Answer.log.rawValue, call: number)
        writer.number(level)
        writer.data(UnsafeRawBufferPointer(start: start, count: text.len))
        writer.end()
        writer.bytes.withUnsafeBytes(answers.direct)
    }

    private func fail(_ details: UnsafePointer<revmeta_failure>?) {
        guard !isOver.load(ordering: .relaxed) else { return }
        var writer = FrameWriter()
        do throws(Breach) {
            try writer.reason(details)
            reason = .told(writer)
        } catch {
            reason = .broken(error.what)
        }
    }

    /// Tells that the plugin broke the contract; from now on it is told to stop, and what it emits is dropped.
    func breach(_ what: String) {
        guard !isBroken else { return }
        isBroken = true
        answers.add(.breach, call: number) { $0.text(what) }
    }

    /// Writes down each element of a list that steps by the sender's stride. Nonzero: the plugin must stop.
    private func each<T: GrowingStruct>(
        _ kind: Answer, _ items: UnsafePointer<T>?, _ count: Int, _ stride: Int, what: String,
        _ write: (T, inout FrameWriter) throws(Breach) -> Void
    ) -> Int32 {
        guard !isOver.load(ordering: .relaxed), !isBroken else { return 1 }
        guard count != 0 else { return 0 }
        do throws(Breach) {
            // A `size_t` comes as an Int, so a number too large for one is below 0 here.
            guard let items, count > 0 else {
                throw Breach("emitted \(UInt(bitPattern: count)) \(what) without their list")
            }
            guard stride >= T.firstSize else {
                throw Breach(
                    "emitted \(what) of \(UInt(bitPattern: stride)) bytes each, where \(T.firstSize) are expected")
            }
            var current = UnsafeRawPointer(items)
            for _ in 0..<count {
                let item = current.load(T.self, of: stride)
                try answers.add(kind, call: number) { writer throws(Breach) in try write(item, &writer) }
                current += stride
            }
            return 0
        } catch {
            breach(error.what)
            return 1
        }
    }

    func take(_ list: revmeta_facts) -> Int32 {
        each(.fact, list.items, list.count, list.stride, what: "facts") { fact, writer throws(Breach) in
            writer.number(UInt64(UInt(bitPattern: fact.entity)))
            writer.number(UInt64(UInt(bitPattern: fact.attribute)))
            try writer.str(fact.kind, of: "a kind")
            try writer.str(fact.value, of: "a value")
            try writer.str(fact.problem, of: "a problem")
        }
    }

    func take(_ list: revmeta_abilities) -> Int32 {
        each(.ability, list.items, list.count, list.stride, what: "abilities") { ability, writer throws(Breach) in
            try writer.str(ability.kind, of: "a kind")
            try writer.str(ability.attribute, of: "an attribute")
            writer.number(ability.support)
            writer.number(ability.flags)
            writer.number(ability.text)
            writer.number(ability.unit)
            writer.number(ability.max_length)
            try writer.str(ability.note, of: "a note")
        }
    }

    func take(_ list: revmeta_statements) -> Int32 {
        each(.statement, list.items, list.count, list.stride, what: "statements") { statement, writer throws(Breach) in
            guard statement.text.ptr != nil, statement.change_count > 0, let changes = statement.changes else {
                throw Breach("emitted a statement without a text or without changes")
            }
            guard statement.parts.count == 0 else {
                throw Breach("planned a statement of \(UInt(bitPattern: statement.parts.count)) parts, as only templates do")
            }
            try writer.str(statement.text, of: "a statement")
            try writer.str(statement.guard, of: "a guard")
            guard let count = UInt32(exactly: statement.change_count) else {
                throw Breach("emitted a statement of \(UInt(bitPattern: statement.change_count)) changes")
            }
            writer.number(count)
            for index in 0..<statement.change_count { writer.number(UInt64(UInt(bitPattern: changes[index]))) }
            keptPlan?.add(statement)
        }
    }

    /// Tells that what was planned is kept.
    func tellKept() {
        answers.add(.kept, call: number) { $0.number(UInt8(1)) }
    }

    // Templates.

    /// Takes the names of the variables that a template uses.
    func takeUses(_ names: revmeta_strs) -> Int32 {
        eachText(names, what: "names") { texts in 
            answers.add(.uses, call: number) { writer in
                writer.number(UInt32(texts.count))
                for text in texts { writer.append(text) }
            }
        }
    }

    /// Forgets what was told about the rendering before.
    func beginRendering() {
        reason = nil
        rendered = nil
    }

    func takeTexts(_ texts: revmeta_strs) -> Int32 {
        eachText(texts, what: "statements") { rendered = (rendered ?? []) + $0 }
    }

    /// Tells how one rendering ended.
    func endRendering(_ index: Int, _ status: revmeta_status) {
        if status != REVMETA_OK, case .broken(let what)? = reason { return breach(what) }
        answers.add(.rendering, call: number) { writer in
            writer.number(UInt32(index))
            writer.number(status)
            if status == REVMETA_OK {
                writer.number(UInt32(rendered?.count ?? 0))
                for text in rendered ?? [] { writer.append(text) }
            } else if case .told(let told)? = reason {
                writer.append(told)
            } else {
                writer.number(UInt8(0))
            }
        }
        answers.flushIfDue()
    }

    private func eachText(_ list: revmeta_strs, what: String, _ take: ([FrameWriter]) -> Void) -> Int32 {
        guard !isOver.load(ordering: .relaxed), !isBroken else { return 1 }
        do throws(Breach) {
            guard list.count == 0 || list.items != nil, (0...1 << 20).contains(list.count) else {
                throw Breach("gave \(UInt(bitPattern: list.count)) \(what) without their list")
            }
            var texts: [FrameWriter] = []
            for index in 0..<list.count {
                guard list.items[index].ptr != nil else { throw Breach("gave \(what), one of which is absent") }
                var writer = FrameWriter()
                try writer.str(list.items[index], of: what)
                texts.append(writer)
            }
            take(texts)
            return 0
        } catch {
            breach(error.what)
            return 1
        }
    }

    func takeRefusals(_ list: revmeta_outcomes) -> Int32 {
        take(list, as: .refusal)
    }

    func takeOutcomes(_ list: revmeta_outcomes) -> Int32 {
        defer { answers.flushIfDue() }
        return take(list, as: .outcome)
    }

    private func take(_ list: revmeta_outcomes, as kind: Answer) -> Int32 {
        each(kind, list.items, list.count, list.stride, what: "outcomes") { outcome, writer throws(Breach) in
            writer.number(UInt64(UInt(bitPattern: outcome.index)))
            writer.number(outcome.status)
            if outcome.status == REVMETA_OK {
                writer.number(UInt8(0))
            } else {
                try writer.reason(outcome.failure)
            }
        }
    }
}

/// What a plugin did that cannot even be written down, in words that follow "it".
private struct Breach: Error {
    let what: String

    init(_ what: String) {
        self.what = what
    }
}

extension FrameWriter {
    fileprivate mutating func str(_ lent: revmeta_str, of what: String) throws(Breach) {
        guard let start = lent.ptr else { return number(Self.absent) }
        // What is longer than a frame may be is no text, but a number gone wrong.
        guard (0...Frame.mostBytes / 2).contains(lent.len) else {
            throw Breach("gave \(what) of \(UInt(bitPattern: lent.len)) bytes")
        }
        data(UnsafeRawBufferPointer(start: start, count: lent.len))
    }

    /// Why something failed: nothing, or 1 and the details.
    fileprivate mutating func reason(_ details: UnsafePointer<revmeta_failure>?) throws(Breach) {
        guard let details else { return number(UInt8(0)) }
        let size = details.pointee.struct_size
        guard size >= revmeta_failure.firstSize else {
            throw Breach("gave a reason of \(size) bytes, where \(revmeta_failure.firstSize) are expected")
        }
        let lent = UnsafeRawPointer(details).load(revmeta_failure.self, of: Int(size))
        number(UInt8(1))
        number(lent.vendor_code)
        number(lent.retry_after_ms)
        number(lent.line)
        number(lent.column)
        try str(lent.sqlstate, of: "an SQLSTATE")
        try str(lent.message, of: "a message")
    }
}
