/// A text in the making: inline parts of Markdown and pieces of HTML, one after the other.
struct InlineText {
    private(set) var text = ""
    /// Links that are open, with where their texts begin.
    private var links: [(address: String, start: Int, isImage: Bool)] = []
    /// HTML's lists that are open: the next number, or nil for bullets.
    private var lists: [Int?] = []
    /// Within a script or style, whose contents are no text.
    private var hidden: String?
    private var isPreformatted = false

    /// Deeper lists are not indented further.
    private static let deepest = 20

    mutating func append(_ more: String) {
        guard hidden == nil else { return }
        text += more.replacing("\u{A0}", with: " ")
    }

    mutating func breakLine() {
        guard hidden == nil else { return }
        trimEnd()
        if !text.isEmpty, text.last != "\n" { text += "\n" }
    }

    /// Leaves an empty line, unless there is one.
    mutating func breakParagraph() {
        breakLine()
        if !text.isEmpty, !text.hasSuffix("\n\n") { text += "\n" }
    }

    mutating func newLine() {
        guard hidden == nil else { return }
        trimEnd()
        text += "\n"
    }

    mutating func openLink(_ address: String, isImage: Bool = false) { links.append((address, text.utf8.count, isImage)) }

    /// The link's text, and the address where it says more: an absolute one that is not the text itself. What an image shows
    /// is told by its text; only one without is told by its address.
    mutating func closeLink() {
        guard let link = links.popLast(), hidden == nil else { return }
        let shown = String(decoding: text.utf8.dropFirst(link.start), as: UTF8.self)
        let isAbsolute = link.address.contains(":")
        let isSame = link.address == shown || link.address == "mailto:" + shown || link.address == "http://" + shown
        if shown.allSatisfy(\.isWhitespace) {
            if isAbsolute { text += link.address }
        } else if isAbsolute, !isSame, !link.isImage {
            text += " (\(link.address))"
        }
    }

    /// What has been made so far, and begins anew. Lists and scripts of HTML may go on.
    mutating func take() -> String {
        while !links.isEmpty { closeLink() }
        defer { text = "" }
        return text
    }

    // MARK: HTML

    mutating func append(html: String) {
        for piece in HTMLPiece.pieces(of: html) {
            switch piece {
            case .text(let raw):
                let decoded = MarkdownParser.decodingEntities(isPreformatted ? raw : Self.collapsed(raw))
                let isAtStart = text.isEmpty || text.last == "\n" || text.last == " "
                append(isAtStart && !isPreformatted && decoded.first == " " ? String(decoded.dropFirst()) : decoded)
            case .tag(let tag): append(tag)
            }
        }
    }

    private mutating func append(_ tag: HTMLTag) {
        if let hidden {
            if tag.isClosing, tag.name == hidden { self.hidden = nil }
            return
        }
        switch (tag.name, tag.isClosing) {
        case ("script", false), ("style", false), ("title", false): hidden = tag.name
        case ("br", _): newLine()
        case ("hr", _):
            breakLine()
            text += "---\n"
        case ("a", false):
            // Links do not nest.
            if !links.isEmpty { closeLink() }
            openLink(tag.attributes["href"] ?? "")
        case ("a", true): closeLink()
        case ("img", _): append(tag.attributes["alt"] ?? "")
        case ("ul", false), ("ol", false):
            if lists.isEmpty { breakParagraph() } else { breakLine() }
            lists.append(tag.name == "ol" ? tag.attributes["start"].flatMap { Int($0) } ?? 1 : nil)
        case ("ul", true), ("ol", true):
            _ = lists.popLast()
            if lists.isEmpty { breakParagraph() } else { breakLine() }
        case ("li", false): openItem()
        // A paragraph within an item is the item's line.
        case ("p", _), ("div", _): if lists.isEmpty { breakParagraph() } else if tag.isClosing { breakLine() }
        case ("h1", _), ("h2", _), ("h3", _), ("h4", _), ("h5", _), ("h6", _), ("table", _), ("blockquote", _): breakParagraph()
        case ("pre", let isClosing):
            breakParagraph()
            isPreformatted = !isClosing
        case ("td", false), ("th", false): if !text.isEmpty, text.last != "\n" { text += " | " }
        case ("tr", _), ("li", true), ("dt", _), ("dd", _), ("section", _), ("article", _), ("header", _), ("footer", _): breakLine()
        default: break
        }
    }

    private mutating func openItem() {
        breakLine()
        text += String(repeating: "  ", count: min(max(lists.count, 1), Self.deepest) - 1)
        if let number = lists.last ?? nil {
            text += "\(number). "
            lists[lists.count - 1] = number == .max ? number : number + 1
        } else {
            text += "- "
        }
    }

    private mutating func trimEnd() {
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    }

    /// Outside of preformatted text, any space is one space.
    private static func collapsed(_ text: String) -> String {
        var collapsed = "", wasSpace = false
        for scalar in text.unicodeScalars {
            let isSpace = scalar == " " || scalar == "\n" || scalar == "\t" || scalar == "\r"
            if !isSpace { collapsed.unicodeScalars.append(scalar) } else if !wasSpace { collapsed += " " }
            wasSpace = isSpace
        }
        return collapsed
    }
}
