/// What is different between two texts, word by word.
struct WordDifference {
    private enum Kind {
        case same
        case removed
        case added
    }

    private struct Part {
        var kind: Kind
        var word: Substring
    }

    private let parts: [Part]

    init(_ before: String, _ after: String) {
        let (old, new) = (Self.words(before), Self.words(after))
        let difference = new.difference(from: old)
        var removed: Set<Int> = [], added: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var parts: [Part] = []
        var (oldIndex, newIndex) = (0, 0)
        while oldIndex < old.count || newIndex < new.count {
            if oldIndex < old.count, removed.contains(oldIndex) {
                parts.append(Part(kind: .removed, word: old[oldIndex]))
                oldIndex += 1
            } else if newIndex < new.count, added.contains(newIndex) {
                parts.append(Part(kind: .added, word: new[newIndex]))
                newIndex += 1
            } else {
                parts.append(Part(kind: .same, word: new[newIndex]))
                oldIndex += 1
                newIndex += 1
            }
        }
        self.parts = parts
    }

    /// Words with the blanks behind them, so that joined they are the text again.
    private static func words(_ text: String) -> [Substring] {
        var words: [Substring] = []
        var start = text.startIndex
        var index = start
        while index < text.endIndex {
            let next = text.index(after: index)
            if text[index].isWhitespace, next == text.endIndex || !text[next].isWhitespace {
                words.append(text[start..<next])
                start = next
            }
            index = next
        }
        if start < text.endIndex { words.append(text[start...]) }
        return words
    }

    /// Both texts as one, with what was removed and what was added marked.
    func text(removed: (String) -> String, added: (String) -> String) -> String {
        var text = ""
        var rest = parts[...]
        while let first = rest.first {
            let alike = rest.prefix { $0.kind == first.kind }
            let words = alike.map(\.word).joined()
            switch first.kind {
            case .same: text += words
            case .removed: text += removed(words)
            case .added: text += added(words)
            }
            rest = rest.dropFirst(alike.count)
        }
        return text
    }
}

extension Terminal {
    /// Writes what is different between two values, indented; nil: there is none.
    func difference(from before: String?, to after: String?) {
        let words = WordDifference(Self.printable(before ?? ""), Self.printable(after ?? ""))
        let text = words.text(removed: { coloured("[-\($0)-]", .red) }, added: { coloured("{+\($0)+}", .green) })
        line("    " + text.replacing("\n", with: "\n    "))
    }
}
