/// A text with places for what a pattern matched: `$0` the whole, `$1` to `$9` its parts, `$$` a dollar sign.
public struct CaptureTemplate: Sendable, Hashable {
    public let source: String
    private let pieces: [Piece]

    private enum Piece: Sendable, Hashable {
        case text(String)
        case capture(Int)
    }

    /// Fails if the text asks for a part that the pattern does not have.
    public init(_ source: String, of pattern: NamePattern) throws(NamePattern.Invalid) {
        self.source = source
        var pieces: [Piece] = [], text = String.UnicodeScalarView()
        var rest = source.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "$", let next = rest.first, next == "$" || ("0"..."9").contains(next) else {
                text.append(scalar)
                continue
            }
            rest.removeFirst()
            if next == "$" {
                text.append("$")
                continue
            }
            let number = Int(next.value - 0x30)
            guard number <= pattern.captureCount else {
                throw NamePattern.Invalid(
                    description: "'\(source)' asks for $\(number), and the parts of the pattern '\(pattern.text)' are "
                        + (pattern.captureCount == 0 ? "none" : "\(pattern.captureCount)"))
            }
            if !text.isEmpty { pieces.append(.text(String(text))) }
            text = String.UnicodeScalarView()
            pieces.append(.capture(number))
        }
        if !text.isEmpty { pieces.append(.text(String(text))) }
        self.pieces = pieces
    }

    /// - Parameter captures: What the pattern matched, the whole first.
    public func text(_ captures: [String]) -> String {
        pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .capture(let number): number < captures.count ? captures[number] : ""
            }
        }.joined()
    }
}
