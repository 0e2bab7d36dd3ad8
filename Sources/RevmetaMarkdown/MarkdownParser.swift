internal import CCmarkGFM

/// cmark-gfm, the reference parser: the one place that knows its pointers.
enum MarkdownParser {
    /// Walks through a text in its order. Nodes with parts are visited twice: entering and leaving.
    static func visit(_ text: String, _ visit: (MarkdownNode, _ isEntering: Bool) -> Void) {
        _ = registration
        guard let parser = cmark_parser_new(CMARK_OPT_VALIDATE_UTF8) else { return }
        defer { cmark_parser_free(parser) }
        for name in ["table", "strikethrough", "autolink", "tasklist"] {
            if let found = cmark_find_syntax_extension(name) { cmark_parser_attach_syntax_extension(parser, found) }
        }
        var text = text
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { cmark_parser_feed(parser, $0.baseAddress, $0.count) }
        }
        guard let document = cmark_parser_finish(parser) else { return }
        defer { cmark_node_free(document) }
        guard let iterator = cmark_iter_new(document) else { return }
        defer { cmark_iter_free(iterator) }
        while true {
            let event = cmark_iter_next(iterator)
            guard event != CMARK_EVENT_DONE, let node = cmark_iter_get_node(iterator) else { return }
            visit(MarkdownNode(node), event == CMARK_EVENT_ENTER)
        }
    }

    /// The text with its entities (`&eacute;`, `&#233;`) replaced by what they stand for.
    static func decodingEntities(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        var text = text
        return text.withUTF8 { bytes in
            // The library's buffers begin as an array without memory.
            var empty: UInt8 = 0
            return withUnsafeMutablePointer(to: &empty) { empty in
                var buffer = cmark_strbuf(mem: cmark_get_default_mem_allocator(), ptr: empty, asize: 0, size: 0)
                houdini_unescape_html_f(&buffer, bytes.baseAddress, bufsize_t(bytes.count))
                defer { if buffer.asize > 0 { cmark_strbuf_free(&buffer) } }
                return String(decoding: UnsafeBufferPointer(start: buffer.ptr, count: Int(buffer.size)), as: UTF8.self)
            }
        }
    }

    /// The library keeps its extensions in a list of its own, which must be filled once.
    private static let registration: Void = cmark_gfm_core_extensions_ensure_registered()
}

extension MarkdownNode {
    fileprivate init(_ node: OpaquePointer) {
        func string(_ text: UnsafePointer<CChar>?) -> String { text.map { String(cString: $0) } ?? "" }
        switch cmark_node_get_type(node) {
        case CMARK_NODE_BLOCK_QUOTE: self = .quote
        case CMARK_NODE_LIST:
            let isOrdered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
            self = .list(
                start: isOrdered ? Int(cmark_node_get_list_start(node)) : nil, isTight: cmark_node_get_list_tight(node) != 0)
        case CMARK_NODE_ITEM:
            let isTask = string(cmark_node_get_type_string(node)) == "tasklist"
            self = .item(isDone: isTask ? cmark_gfm_extensions_get_tasklist_item_checked(node) : nil)
        case CMARK_NODE_CODE_BLOCK: self = .codeBlock(string(cmark_node_get_literal(node)))
        case CMARK_NODE_HTML_BLOCK: self = .htmlBlock(string(cmark_node_get_literal(node)))
        case CMARK_NODE_PARAGRAPH, CMARK_NODE_HEADING: self = .paragraph
        case CMARK_NODE_THEMATIC_BREAK: self = .rule
        case CMARK_NODE_TEXT, CMARK_NODE_CODE: self = .text(string(cmark_node_get_literal(node)))
        case CMARK_NODE_SOFTBREAK: self = .softBreak
        case CMARK_NODE_LINEBREAK: self = .lineBreak
        case CMARK_NODE_HTML_INLINE: self = .html(string(cmark_node_get_literal(node)))
        case CMARK_NODE_LINK: self = .link(address: string(cmark_node_get_url(node)))
        case CMARK_NODE_IMAGE: self = .image(address: string(cmark_node_get_url(node)))
        default:
            // Extensions number their nodes when they are registered.
            self =
                switch string(cmark_node_get_type_string(node)) {
                case "table": .table
                case "table_header": .row(isHeader: true)
                case "table_row": .row(isHeader: false)
                case "table_cell": .cell
                default: .other
                }
        }
    }
}
