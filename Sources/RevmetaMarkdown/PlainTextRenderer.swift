/// Writes the parts of a Markdown text as plain text, block by block.
struct PlainTextRenderer {
    private var output = ""
    private var inline = InlineText()
    private var table: TextTable?
    private var containers: [Container] = []

    /// A quote, a list or an item around what is written.
    private struct Container {
        /// What stands before the next line; nil: what stands before every line.
        var firstPrefix: String?
        var prefix = ""
        /// A list's next number; nil: bullets.
        var number: Int?
        var isList = false
        var isTight = false
        var hasBegun = false
    }

    /// Deeper quotes and items are not indented further: the text must not grow with the square of its depth.
    private static let deepest = 20

    /// The text, without spaces at line ends or empty lines around it.
    var text: String {
        var lines = output.split(separator: "\n", omittingEmptySubsequences: false).map(Self.withoutTrailingSpaces)
        while lines.last?.isEmpty == true { lines.removeLast() }
        while lines.first?.isEmpty == true { lines.removeFirst() }
        return lines.joined(separator: "\n")
    }

    mutating func visit(_ node: MarkdownNode, isEntering: Bool) {
        switch node {
        case .quote: isEntering ? containers.append(Container(prefix: indent("> "))) : close()
        case .list(let start, let isTight):
            isEntering ? containers.append(Container(number: start, isList: true, isTight: isTight)) : close()
        case .item(let isDone): isEntering ? openItem(isDone) : close()
        case .paragraph: if !isEntering { write(inline.take()) }
        case .codeBlock(let code): write(code, isVerbatim: true)
        case .htmlBlock(let html):
            inline.append(html: html)
            write(inline.take())
        case .rule: write("---")
        case .table:
            if isEntering {
                table = TextTable()
            } else if let table {
                write(table.text)
                self.table = nil
            }
        case .row(let isHeader): if isEntering { table?.openRow(isHeader: isHeader) }
        case .cell: if !isEntering { table?.append(cell: inline.take()) }
        case .text(let text): inline.append(text)
        case .softBreak, .lineBreak: inline.newLine()
        case .html(let html): inline.append(html: html)
        case .link(let address): isEntering ? inline.openLink(address) : inline.closeLink()
        case .image(let address): isEntering ? inline.openLink(address, isImage: true) : inline.closeLink()
        case .other: break
        }
    }

    private func indent(_ prefix: String) -> String { containers.count < Self.deepest ? prefix : "" }

    private mutating func openItem(_ isDone: Bool?) {
        var mark = "-"
        if let list = containers.indices.last, let number = containers[list].number {
            mark = "\(number)."
            containers[list].number = number &+ 1
        }
        let task = isDone.map { $0 ? "[x] " : "[ ] " } ?? ""
        containers.append(Container(
            firstPrefix: "\(mark) \(task)", prefix: indent(String(repeating: " ", count: mark.count + 1))))
    }

    private mutating func close() {
        // An item of which nothing was written is an item all the same.
        if containers.last?.firstPrefix != nil { write("", isVerbatim: true) }
        containers.removeLast()
    }

    /// Writes a block, its lines behind what the containers put there. An empty line goes before it, but in tight lists.
    private mutating func write(_ block: String, isVerbatim: Bool = false) {
        var lines = block.split(separator: "\n", omittingEmptySubsequences: false)[...]
        while lines.count > 1, lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
        while lines.count > 1, lines.first?.allSatisfy(\.isWhitespace) == true { lines.removeFirst() }
        guard isVerbatim || lines.contains(where: { !$0.allSatisfy(\.isWhitespace) }) else { return }
        if !output.isEmpty {
            let list = containers.last { $0.isList && $0.hasBegun }
            if list?.isTight != true { output += containers.map { $0.firstPrefix == nil ? $0.prefix : "" }.joined() + "\n" }
        }
        for line in lines {
            for index in containers.indices {
                output += containers[index].firstPrefix ?? containers[index].prefix
                containers[index].firstPrefix = nil
                containers[index].hasBegun = true
            }
            output += line + "\n"
        }
    }

    private static func withoutTrailingSpaces(_ line: Substring) -> Substring {
        var line = line
        while line.last?.isWhitespace == true { line.removeLast() }
        return line
    }
}
