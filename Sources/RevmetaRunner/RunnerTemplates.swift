internal import CRevmeta

/// The templates that a plugin's engine compiled, and the thread that uses them.
///
/// One thread, though the engine could take several: a host has a process for each channel's templates.
final class RunnerTemplates: @unchecked Sendable {  // touched on its thread only, but for what never changes
    let thread: CallThread
    let answers: AnswerBuffer
    private let table: revmeta_template
    private var compiled: [UInt64: UnsafeMutableRawPointer] = [:]
    private var dialects: [DialectKey: UnsafePointer<revmeta_dialect>] = [:]

    init(_ table: revmeta_template, thread: CallThread, answers: AnswerBuffer) {
        self.table = table
        self.thread = thread
        self.answers = answers
    }

    /// Compiles a template, and tells which variables it uses.
    func compile(
        _ call: RunningCall, as number: UInt64, _ dialect: DialectKey, _ text: revmeta_str, _ names: revmeta_strs,
        flags: UInt32
    ) {
        call.run { context, sink in
            var made: UnsafeMutableRawPointer?
            let status = table.compile(context, lent(dialect), text, names, flags, &made)
            guard status == REVMETA_OK else { return status }
            guard let made else {
                call.breach("said that it compiled a template but gave none")
                return REVMETA_INVALID
            }
            compiled[number] = made
            return table.uses(made, { RunningCall.of($0).takeUses($1) }, sink)
        }
    }

    /// Renders a template for one change after the other; each has its own outcome.
    func render(_ call: RunningCall, _ number: UInt64, _ items: [RenderingItem]) {
        call.run { context, sink in
            guard let template = compiled[number] else {
                call.breach("was asked to render a template that it did not compile")
                return REVMETA_INVALID
            }
            for (index, item) in items.enumerated() {
                if context.pointee.cancelled(context) != 0 { return REVMETA_CANCELLED }
                call.beginRendering()
                let status = withUnsafePointer(to: item.change) { change in
                    table.render(template, context, change, item.variables, { RunningCall.of($0).takeTexts($1) }, sink)
                }
                // It was heard to stop: the host gave up on the whole call.
                if status == REVMETA_CANCELLED { return status }
                call.endRendering(index, status)
            }
            return REVMETA_OK
        }
    }

    func release(_ number: UInt64) {
        if let template = compiled.removeValue(forKey: number) { table.release(template) }
    }

    func releaseAll() {
        for number in Array(compiled.keys) { release(number) }
    }

    private func lent(_ dialect: DialectKey) -> UnsafePointer<revmeta_dialect> {
        if let known = dialects[dialect] { return known }
        let made = LentDialect.forever(
            dialect.texts, flags: dialect.flags, identifierMaxBytes: dialect.identifierMaxBytes)
        dialects[dialect] = made
        return made
    }
}

/// What a template is rendered for, in the frame's memory.
struct RenderingItem {
    var change: revmeta_change
    var variables: revmeta_variables
}

extension FrameReader {
    /// Names and roles, and then of each change: itself and the variables' values, in that order.
    mutating func renderings(in arena: Arena) throws(BrokenFrame) -> [RenderingItem] {
        let count = try count()
        var known: [(name: revmeta_str, role: Int32)] = []
        for _ in 0..<count { known.append((try str(), try number(Int32.self))) }
        let changes = try changes(in: arena)
        var items: [RenderingItem] = []
        items.reserveCapacity(changes.count)
        for index in 0..<changes.count {
            let variables = arena.items(count, of: revmeta_variable.self)
            for (place, variable) in known.enumerated() {
                var lent = revmeta_variable()
                lent.name = variable.name
                lent.role = variable.role
                if variable.role == REVMETA_ROLE_PAIRS { lent.pairs = try settings(in: arena) } else { lent.value = try str() }
                variables[place] = lent
            }
            items.append(RenderingItem(
                change: changes.items[index],
                variables: revmeta_variables(items: variables, count: count, stride: MemoryLayout<revmeta_variable>.stride)))
        }
        return items
    }
}
