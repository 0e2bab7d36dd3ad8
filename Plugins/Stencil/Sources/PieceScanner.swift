internal import RevmetaSQLText

/// Takes a template apart into text, outputs and tags. Comments are left out.
struct PieceScanner {
    private let bytes: [UInt8]
    private var index = 0
    private(set) var pieces: [Piece] = []
    /// The tag before asked for the blanks after it to be left out.
    private var trims = false

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func scan() throws(SQLTextProblem) -> [Piece] {
        var start = index
        while index < bytes.count {
            guard let kind = opening else {
                index += 1
                continue
            }
            appendText(start..<index, beforeTrimming: bytes(at: index + 2) == UInt8(ascii: "-") && kind != .output)
            try scanBraces(kind)
            start = index
        }
        appendText(start..<index, beforeTrimming: false)
        return pieces
    }

    /// What begins here; `.text` stands for a comment.
    private var opening: Piece.Kind? {
        guard bytes[index] == UInt8(ascii: "{") else { return nil }
        return switch bytes(at: index + 1) {
        case UInt8(ascii: "{"): .output
        case UInt8(ascii: "%"): .tag
        case UInt8(ascii: "#"): .text
        default: nil
        }
    }

    private mutating func scanBraces(_ kind: Piece.Kind) throws(SQLTextProblem) {
        let start = index
        let close: UInt8 = switch kind {
        case .output: UInt8(ascii: "}")
        case .tag: UInt8(ascii: "%")
        case .text: UInt8(ascii: "#")
        }
        index += 2
        var quote: UInt8?
        while index < bytes.count {
            let byte = bytes[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else if kind != .text, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == close, bytes(at: index + 1) == UInt8(ascii: "}") {
                append(kind, start: start, end: index)
                index += 2
                return
            }
            index += 1
        }
        let signs = String(decoding: [close, UInt8(ascii: "}")], as: UTF8.self)
        throw SQLTextProblem(offset: start, "expected \(signs) to close what begins here, found the template's end")
    }

    private mutating func append(_ kind: Piece.Kind, start: Int, end: Int) {
        trims = false
        guard kind != .text else { return }
        var range = (start + 2)..<end
        if kind == .tag {
            if let first = range.first, [UInt8(ascii: "-"), UInt8(ascii: "+")].contains(bytes[first]) {
                range = (range.lowerBound + 1)..<end
            }
            if let last = range.last, [UInt8(ascii: "-"), UInt8(ascii: "+")].contains(bytes[last]) {
                trims = bytes[last] == UInt8(ascii: "-")
                range = range.lowerBound..<last
            }
        }
        pieces.append(Piece(kind: kind, range: range, start: start))
    }

    private mutating func appendText(_ range: Range<Int>, beforeTrimming: Bool) {
        var range = range
        while trims, let first = range.first, bytes[first].isSpace { range = (first + 1)..<range.upperBound }
        while beforeTrimming, let last = range.last, bytes[last].isSpace { range = range.lowerBound..<last }
        if !range.isEmpty { pieces.append(Piece(kind: .text, range: range, start: range.lowerBound)) }
    }

    private func bytes(at position: Int) -> UInt8? { position < bytes.count ? bytes[position] : nil }
}

extension UInt8 {
    var isSpace: Bool { self == UInt8(ascii: " ") || (UInt8(ascii: "\t")...UInt8(ascii: "\r")).contains(self) }
}
