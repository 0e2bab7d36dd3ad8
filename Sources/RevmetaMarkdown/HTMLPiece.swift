/// A piece of HTML: a tag or the text between tags.
enum HTMLPiece: Equatable {
    case text(String)
    case tag(HTMLTag)

    /// The pieces of a text. Comments, declarations and processing instructions are left out; what only looks like a tag is
    /// text.
    static func pieces(of html: String) -> [HTMLPiece] {
        var pieces: [HTMLPiece] = [], text = ""
        var rest = html[...]
        func isNameStart(_ character: Character?) -> Bool { character.map { $0.isASCII && $0.isLetter } ?? false }
        while let sign = rest.first {
            guard sign == "<" else {
                let end = rest.firstIndex(of: "<") ?? rest.endIndex
                text += rest[..<end]
                rest = rest[end...]
                continue
            }
            let body = rest.dropFirst()
            let end: String.Index?
            if body.hasPrefix("!--") {
                end = index(after: "-->", in: body.dropFirst(3)) ?? rest.endIndex
            } else if body.first == "!" || body.first == "?" {
                end = index(after: ">", in: body) ?? rest.endIndex
            } else if isNameStart(body.first) || body.first == "/" && isNameStart(body.dropFirst().first) {
                end = HTMLTag.end(of: body)
            } else {
                end = nil
            }
            guard let end else {
                text.append(sign)
                rest = body
                continue
            }
            if let tag = HTMLTag(rest[..<end]) {
                if !text.isEmpty { pieces.append(.text(text)) }
                text = ""
                pieces.append(.tag(tag))
            }
            rest = rest[end...]
        }
        if !text.isEmpty { pieces.append(.text(text)) }
        return pieces
    }

    private static func index(after mark: String, in text: Substring) -> String.Index? {
        var rest = text
        while let start = rest.firstIndex(of: mark.first!) {
            rest = rest[start...]
            if rest.hasPrefix(mark) { return rest.index(start, offsetBy: mark.count) }
            rest = rest.dropFirst()
        }
        return nil
    }
}

/// A tag: `<a href="…">`, `</a>`, `<br/>`.
struct HTMLTag: Equatable {
    /// In lower case.
    var name: String
    var isClosing: Bool
    /// By names in lower case, entities decoded.
    var attributes: [String: String] = [:]

    /// The end of the tag that begins here: behind its `>`, which quoted values may hold too. Nil: there is none.
    static func end(of text: Substring) -> String.Index? {
        var quote: Character?
        var index = text.startIndex
        while index < text.endIndex {
            let sign = text[index]
            if let open = quote {
                if sign == open { quote = nil }
            } else if sign == "\"" || sign == "'" {
                quote = sign
            } else if sign == ">" {
                return text.index(after: index)
            } else if sign == "<" {
                return nil
            }
            index = text.index(after: index)
        }
        return nil
    }

    /// Reads `<…>`; nil: it is no tag but a comment or declaration.
    init?(_ text: Substring) {
        var rest = text.dropFirst()
        if rest.last == ">" { rest = rest.dropLast() }
        isClosing = rest.first == "/"
        if isClosing { rest = rest.dropFirst() }
        let end = rest.firstIndex { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-")) } ?? rest.endIndex
        guard rest.first?.isLetter == true else { return nil }
        name = rest[..<end].lowercased()
        rest = rest[end...]
        while true {
            rest = rest.drop { $0.isWhitespace || $0 == "/" || $0 == "=" }
            guard !rest.isEmpty else { return }
            let end = rest.firstIndex { $0.isWhitespace || $0 == "=" || $0 == "/" } ?? rest.endIndex
            let attribute = rest[..<end].lowercased()
            rest = rest[end...].drop { $0.isWhitespace }
            guard rest.first == "=" else {
                attributes[attribute] = ""
                continue
            }
            rest = rest.dropFirst().drop { $0.isWhitespace }
            let value: Substring
            if let quote = rest.first, quote == "\"" || quote == "'" {
                rest = rest.dropFirst()
                value = rest.prefix { $0 != quote }
                rest = rest[value.endIndex...].dropFirst()
            } else {
                value = rest.prefix { !$0.isWhitespace }
                rest = rest[value.endIndex...]
            }
            attributes[attribute] = MarkdownParser.decodingEntities(String(value))
        }
    }
}
