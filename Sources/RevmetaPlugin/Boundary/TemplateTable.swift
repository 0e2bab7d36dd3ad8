internal import CRevmeta

/// The template interface as a C table, on top of the one engine type that this library holds.
enum TemplateTable {
    // Written once by `serve`, before the table is handed out; C function pointers cannot carry the type themselves.
    nonisolated(unsafe) private static var type: (any TemplateEngine.Type)!
    nonisolated(unsafe) private(set) static var table: UnsafeMutablePointer<revmeta_template>!

    static let query: @convention(c) (UnsafePointer<CChar>?) -> UnsafeRawPointer? = { id in
        guard let id, String(cString: id) == REVMETA_TEMPLATE_ID else { return nil }
        return UnsafeRawPointer(TemplateTable.table)
    }

    static func serve(_ served: any TemplateEngine.Type) {
        type = served
        table = .allocate(capacity: 1)
        table.initialize(to: revmeta_template(
            struct_size: UInt32(MemoryLayout<revmeta_template>.size),
            compile: { call, dialect, text, names, flags, compiled in
                answer(call) { call throws(Failure) in
                    guard let dialect else { throw Failure(.invalid, "the host called without a dialect") }
                    let template = TemplateText(
                        String(lent: text) ?? "", dialect: Dialect(lent: dialect.pointee),
                        names: texts(names.items, names.count), allowsRaw: flags & REVMETA_TEMPLATE_ALLOW_RAW != 0)
                    let made = try TemplateTable.type.compile(template, call)
                    compiled?.pointee = Unmanaged.passRetained(Holder(made)).toOpaque()
                }
            },
            uses: { compiled, sink, context in
                guard let template = template(compiled) else { return REVMETA_INVALID }
                return withTexts(template.names) { sink?(context, $0) } == 0 ? REVMETA_OK : REVMETA_CANCELLED
            },
            render: { compiled, call, change, variables, sink, context in
                answer(call) { call throws(Failure) in
                    guard let template = template(compiled) else {
                        throw Failure(.invalid, "the host called without a template")
                    }
                    guard let change else { throw Failure(.invalid, "the host called without a change") }
                    let rendered = try template.render(Change(change.pointee), Variables(variables), call)
                    if withTexts(rendered, { sink?(context, $0) }) != 0 { throw .cancelled }
                }
            },
            release: { compiled in
                guard let compiled else { return }
                Unmanaged<Holder>.fromOpaque(compiled).release()
            }))
    }
}

/// Keeps a compiled template behind the opaque pointer that the host holds.
private final class Holder {
    let template: any CompiledTemplate

    init(_ template: any CompiledTemplate) {
        self.template = template
    }
}

private func template(_ compiled: UnsafeRawPointer?) -> (any CompiledTemplate)? {
    compiled.map { Unmanaged<Holder>.fromOpaque($0).takeUnretainedValue().template }
}
