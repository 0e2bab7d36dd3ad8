import CRevmeta

/// The least that is a host: lends one of each thing, with strides larger than the kit's, and writes down what comes.
final class Host {
    private(set) var status = REVMETA_OK
    /// Reasons that the plugin handed over.
    private(set) var told: [String] = []
    /// What the sinks answer.
    var wantsMore = true
    private var taken: [String] = []

    static func from(_ context: UnsafeMutableRawPointer?) -> Host {
        Unmanaged<Host>.fromOpaque(context!).takeUnretainedValue()
    }

    /// Makes a call, and gives a line for each thing that was emitted.
    func call(_ body: (UnsafePointer<revmeta_call>, UnsafeMutableRawPointer) -> revmeta_status) -> [String] {
        taken = []
        let context = Unmanaged.passUnretained(self).toOpaque()
        var call = revmeta_call()
        call.struct_size = UInt32(MemoryLayout<revmeta_call>.size)
        call.context = context
        call.cancelled = { _ in 0 }
        call.log = { _, _, _ in }
        call.fail = { call, failure in
            let host = Host.from(call!.pointee.context)
            host.told.append(host.text(failure!.pointee.message))
        }
        return lend("run 12") { label in
            call.label = label
            status = withUnsafePointer(to: call) { body($0, context) }
            return taken
        }
    }

    func open(_ table: revmeta_connector, note: String?) -> UnsafeMutableRawPointer? {
        var session: UnsafeMutableRawPointer?
        _ = call { call, _ in
            lend("note") { key in
                lend(note ?? "") { value in
                    lend(revmeta_pair(key: key, value: value)) { items, stride in
                        let settings = revmeta_pairs(items: items, count: note == nil ? 0 : 2, stride: stride)
                        return table.open(call, settings, &session)
                    }
                }
            }
        }
        return session
    }

    func read(_ table: revmeta_connector, _ session: UnsafeMutableRawPointer?) -> [String] {
        call { call, context in
            lend("note") { name in
                withUnsafePointer(to: name) { path in
                    lend(revmeta_entity(kind: name, path: path, path_count: 1)) { items, stride in
                        lend("description") { description in
                            lend("owner") { owner in
                                [description, owner].withUnsafeBufferPointer { attributes in
                                    table.read(
                                        session, call, revmeta_entities(items: items, count: 1, stride: stride),
                                        revmeta_strs(items: attributes.baseAddress, count: 2),
                                        { Host.from($0).take(facts: $1) }, context)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    func withChange<Result>(before: String?, value: String?, _ body: (revmeta_changes) -> Result) -> Result {
        lend("note") { name in
            lend(before) { before in
                lend(value) { value in
                    withUnsafePointer(to: name) { path in
                        let change = revmeta_change(
                            kind: name, path: path, path_count: 1, attribute: name, before: before, value: value,
                            channel: name)
                        return lend(change) { body(revmeta_changes(items: $0, count: 1, stride: $1)) }
                    }
                }
            }
        }
    }

    func withStatement<Result>(_ body: (revmeta_statements) -> Result) -> Result {
        lend("NOTE") { text in
            withUnsafePointer(to: 0) { changes in
                [text, text].withUnsafeBufferPointer { parts in
                    let statement = revmeta_statement(
                        text: text, changes: changes, change_count: 1, guard: revmeta_str(ptr: nil, len: 0),
                        parts: revmeta_strs(items: parts.baseAddress, count: 2))
                    return lend(statement) { body(revmeta_statements(items: $0, count: 1, stride: $1)) }
                }
            }
        }
    }

    func take(facts: revmeta_facts) -> Int32 {
        let fact = facts.items.pointee
        return take("\(fact.entity).\(fact.attribute) \(text(fact.kind)) = \(text(fact.value))")
    }

    func take(abilities: revmeta_abilities) -> Int32 {
        let can = abilities.items.pointee
        let limits = "\(can.max_length) flags \(can.flags) text \(can.text) unit \(can.unit)"
        return take("\(text(can.kind)).\(text(can.attribute)) \(limits)")
    }

    func take(statements: revmeta_statements) -> Int32 {
        let statement = statements.items.pointee
        let changes = Array(UnsafeBufferPointer(start: statement.changes, count: statement.change_count))
        return take("\(text(statement.text)) \(changes) guard \(text(statement.guard))")
    }

    func take(outcomes: revmeta_outcomes) -> Int32 {
        let outcome = outcomes.items.pointee
        guard let failure = outcome.failure?.pointee else { return take("outcome \(outcome.index): \(outcome.status)") }
        let details = failure.sqlstate.ptr == nil ? "" : " \(text(failure.sqlstate)) \(failure.vendor_code)"
        return take("outcome \(outcome.index): \(outcome.status) \(text(failure.message))\(details)")
    }

    private func take(_ line: String) -> Int32 {
        taken.append(line)
        return wantsMore ? 0 : 1
    }

    private func text(_ lent: revmeta_str) -> String {
        guard let start = lent.ptr else { return "nil" }
        return String(decoding: UnsafeRawBufferPointer(start: start, count: lent.len), as: UTF8.self)
    }

    private func lend<Result>(_ text: String?, _ body: (revmeta_str) -> Result) -> Result {
        guard let text else { return body(revmeta_str(ptr: nil, len: 0)) }
        return text.withCString { body(revmeta_str(ptr: $0, len: text.utf8.count)) }
    }

    /// Lends an item as a larger host would: with more behind it.
    private func lend<Item, Result>(_ item: Item, _ body: (UnsafePointer<Item>, Int) -> Result) -> Result {
        let stride = MemoryLayout<Item>.stride + 24
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 2 * stride, alignment: 16)
        defer { memory.deallocate() }
        memory.initializeMemory(as: UInt8.self, repeating: 0xEE, count: 2 * stride)
        for place in 0..<2 { memory.storeBytes(of: item, toByteOffset: place * stride, as: Item.self) }
        return body(memory.assumingMemoryBound(to: Item.self), stride)
    }
}
