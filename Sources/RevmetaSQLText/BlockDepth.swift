/// How deep a script's text is inside of blocks, whose statements are not statements of the script.
struct BlockDepth {
    private var depth = 0
    /// The statement began with DECLARE: what it declares lives in what follows, so nothing is split off it.
    private var isDeclaring = false
    private var last = Word.other

    private enum Word {
        /// A block begins, unless a word of transactions or a statement's end follows.
        case begin
        /// A block ends, unless the word that it ends has no block: END IF, END LOOP.
        case end
        case other
    }

    /// Whether a statement's end here is a block's matter.
    var isInside: Bool { isDeclaring || depth > (last == .begin ? 1 : 0) }
    /// The last word ended the outermost block.
    var endsHere: Bool { last == .end && depth == 0 }

    mutating func read(_ text: String, isFirst: Bool) {
        let word = text.utf8.count > 11 ? "" : text.uppercased()
        let before = last
        last = .other
        switch word {
        case "TRAN", "TRANSACTION", "WORK", "ISOLATION", "READ", "DEFERRABLE", "NOT":
            if before == .begin { depth -= 1 }
        case "IF", "LOOP", "WHILE", "REPEAT", "FOR":
            if before == .end { depth += 1 }
        case "DECLARE":
            if isFirst { isDeclaring = true }
        case "BEGIN":
            depth += 1
            last = .begin
        case "CASE":
            if depth > 0, before != .end { depth += 1 }
        case "END":
            if depth > 0 {
                depth -= 1
                last = .end
            }
        default: break
        }
    }

    mutating func endStatement() {
        if last == .begin { depth -= 1 }
        last = .other
    }
}
