internal import CRevmeta

/// A template engine's table, copied. Every slot is set.
struct TemplateTable: Sendable {
    let table: revmeta_template

    init(_ pointer: UnsafeRawPointer, of plugin: String) throws(UnusablePlugin) {
        table = try boundedCopy(pointer, as: revmeta_template.self, of: "template table", in: plugin)
        try checkSet(
            [
                "compile": table.compile != nil, "uses": table.uses != nil, "render": table.render != nil, "release": table.release != nil,
            ], of: "template table", in: plugin)
    }
}
