import CRevmeta

/// The least that is a host of a template engine: lends it one thing of each kind, with strides larger than the kit's.
final class TemplateHost {
    let table: revmeta_template
    private(set) var status = REVMETA_OK
    /// Reasons that the plugin handed over, with their places.
    private(set) var told: [String] = []
    /// What the sink answers.
    var wantsMore = true
    private var taken: [String] = []
    private var call = revmeta_call()
    private let dialect = UnsafeMutablePointer<revmeta_dialect>.allocate(capacity: 1)
    /// Texts that were lent, which live as long as the host.
    private var lent: [UnsafeMutablePointer<CChar>] = []

    init(_ table: revmeta_template) {
        self.table = table
        call.struct_size = UInt32(MemoryLayout<revmeta_call>.size)
        call.cancelled = { _ in 0 }
        call.log = { _, _, _ in }
        call.fail = { call, failure in
            let host = TemplateHost.from(call!.pointee.context), failure = failure!.pointee
            host.told.append("\(failure.line):\(failure.column) \(host.text(failure.message))")
        }
        dialect.initialize(to: revmeta_dialect())
        dialect.pointee.flags = REVMETA_DIALECT_ESCAPED_QUOTES | REVMETA_DIALECT_DOTTED_IDENTIFIERS
        dialect.pointee.identifier_max_bytes = 63
        dialect.pointee.name = UnsafePointer(lend("notes").ptr)
        let sign = UnsafePointer(lend("'").ptr)
        for field in [
            \revmeta_dialect.literal_open, \.literal_close, \.list_open, \.list_close, \.list_separator, \.pair_open,
            \.pair_separator, \.pair_close, \.statement_end,
        ] {
            dialect.pointee[keyPath: field] = sign
        }
        call.context = Unmanaged.passUnretained(self).toOpaque()
    }

    deinit {
        lent.forEach { $0.deallocate() }
        dialect.deallocate()
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> TemplateHost {
        Unmanaged<TemplateHost>.fromOpaque(context!).takeUnretainedValue()
    }

    func compile(_ text: String, names: [String], flags: UInt32) -> UnsafeMutableRawPointer? {
        var compiled: UnsafeMutableRawPointer?
        let names = names.map(lend)
        status = names.withUnsafeBufferPointer {
            let strs = revmeta_strs(items: $0.baseAddress, count: $0.count)
            return table.compile(&call, dialect, lend(text), strs, flags, &compiled)
        }
        return compiled
    }

    func uses(_ template: UnsafeMutableRawPointer) -> [String] {
        taken = []
        status = table.uses(template, { TemplateHost.from($0).take($1) }, call.context)
        return taken
    }

    func render(_ template: UnsafeMutableRawPointer) -> [String] {
        taken = []
        let name = lend("note"), nothing = revmeta_str(ptr: nil, len: 0)
        let pair = revmeta_pair(key: lend("k"), value: lend("v"))
        let pairItems = padded([pair, pair])
        let pairs = revmeta_pairs(items: pairItems.items, count: 2, stride: pairItems.stride)
        let none = revmeta_pairs(items: nil, count: 0, stride: 0)
        let variables = padded([
            revmeta_variable(name: lend("table"), role: REVMETA_ROLE_NAME, value: lend("it's"), pairs: none),
            revmeta_variable(name: lend("empty"), role: REVMETA_ROLE_TEXT, value: lend(""), pairs: none),
            revmeta_variable(name: lend("absent"), role: REVMETA_ROLE_TEXT, value: nothing, pairs: none),
            revmeta_variable(name: lend("tags"), role: REVMETA_ROLE_PAIRS, value: nothing, pairs: pairs),
            revmeta_variable(name: lend("entity"), role: REVMETA_ROLE_JSON, value: lend("{}"), pairs: none),
        ])
        status = withUnsafePointer(to: name) { path in
            var change = revmeta_change(
                kind: name, path: path, path_count: 1, attribute: name, before: nothing, value: nothing,
                channel: nothing)
            return table.render(
                template, &call, &change,
                revmeta_variables(items: variables.items, count: 5, stride: variables.stride),
                { TemplateHost.from($0).take($1) }, call.context)
        }
        return taken
    }

    private func take(_ texts: revmeta_strs) -> Int32 {
        taken += UnsafeBufferPointer(start: texts.items, count: texts.count).map(text)
        return wantsMore ? 0 : 1
    }

    private func text(_ lent: revmeta_str) -> String {
        guard let start = lent.ptr else { return "nil" }
        return String(decoding: UnsafeRawBufferPointer(start: start, count: lent.len), as: UTF8.self)
    }

    private func lend(_ text: String) -> revmeta_str {
        let bytes = text.utf8CString
        let memory = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        _ = UnsafeMutableBufferPointer(start: memory, count: bytes.count).initialize(from: bytes)
        lent.append(memory)
        return revmeta_str(ptr: memory, len: bytes.count - 1)
    }

    /// Items as a larger host would lend them: with more behind each.
    private func padded<Item>(_ items: [Item]) -> (items: UnsafePointer<Item>, stride: Int) {
        let stride = MemoryLayout<Item>.stride + 24
        let memory = UnsafeMutablePointer<CChar>.allocate(capacity: items.count * stride + 16)
        lent.append(memory)
        let start = UnsafeMutableRawPointer(memory)
        start.initializeMemory(as: UInt8.self, repeating: 0xEE, count: items.count * stride)
        for (place, item) in items.enumerated() {
            start.storeBytes(of: item, toByteOffset: place * stride, as: Item.self)
        }
        return (UnsafePointer(start.assumingMemoryBound(to: Item.self)), stride)
    }
}
