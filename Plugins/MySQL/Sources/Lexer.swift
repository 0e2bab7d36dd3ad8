import RevmetaPlugin

/// Cuts a definition, as `SHOW CREATE` spells it in a session with ``SessionPins``, into tokens.
struct Lexer {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    private var isInHint = false
    private var tokens: [Token] = []

    static func tokens(of bytes: [UInt8]) throws(Failure) -> [Token] {
        var lexer = Lexer(bytes: bytes)
        lexer.tokens.reserveCapacity(bytes.count / 6)
        try lexer.run()
        return lexer.tokens
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func run() throws(Failure) {
        while position < bytes.count {
            let start = position
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"):
                position += 1
            case UInt8(ascii: "`"):
                try skipQuoted(escapes: false)
                append(.name, from: start)
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                try skipQuoted(escapes: true)
                append(.text, from: start)
            case UInt8(ascii: "/") where follows("/*!") || follows("/*M!"):
                position += follows("/*!") ? 3 : 4
                while position < bytes.count, Self.isDigit(bytes[position]) { position += 1 }
                isInHint = true
                append(.hintOpen, from: start)
            case UInt8(ascii: "*") where follows("*/"):
                position += 2
                append(.hintClose, from: start)
                isInHint = false
            case UInt8(ascii: "("):
                position += 1
                append(.symbol(UInt8(ascii: "(")), from: start)
                depth += 1
            case UInt8(ascii: ")"):
                position += 1
                depth -= 1
                guard depth >= 0 else { throw Self.unreadable(bytes, at: start) }
                append(.symbol(UInt8(ascii: ")")), from: start)
            case let byte where Self.isWord(byte):
                while position < bytes.count, Self.isWord(bytes[position]) { position += 1 }
                append(.word, from: start)
            case let byte:
                position += 1
                append(.symbol(byte), from: start)
            }
        }
        guard depth == 0, !isInHint else { throw Self.unreadable(bytes, at: bytes.count) }
    }

    private mutating func append(_ kind: Token.Kind, from start: Int) {
        tokens.append(Token(kind: kind, range: start..<position, depth: depth, isInHint: isInHint))
    }

    /// Goes past a quoted piece, in which the quote itself stands doubled.
    private mutating func skipQuoted(escapes: Bool) throws(Failure) {
        let start = position
        let quote = bytes[position]
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == quote {
                guard position < bytes.count, bytes[position] == quote else { return }
                position += 1
            } else if escapes, byte == UInt8(ascii: "\\") {
                position += 1
            }
        }
        throw Self.unreadable(bytes, at: start)
    }

    private func follows(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes[position...].starts(with: $0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte >= 0x80
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
    }

    /// The definition is not what the server is known to write, so that nothing may be built from it.
    static func unreadable(_ bytes: [UInt8], at position: Int) -> Failure {
        let rest = String(decoding: bytes[min(position, bytes.count)...].prefix(40), as: UTF8.self)
        return Failure(
            .failed, "the server's own definition could not be read at '\(rest)' (byte \(position)), so that no "
                + "statement is built from it; please report this with what SHOW CREATE prints")
    }
}
