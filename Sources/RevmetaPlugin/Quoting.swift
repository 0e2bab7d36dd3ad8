/// How a text becomes the body of what stands between two quotes.
///
/// Written once: statements of connectors and values in templates both come here.
public struct Quoting: Sendable, Hashable {
    /// What ends the body.
    public let close: [UInt8]
    /// A backslash starts an escape, so it is doubled.
    public let hasBackslashes: Bool
    /// What ends the body is escaped by a backslash inside it; else it is doubled.
    public let escapesClose: Bool
    /// Of what ends the body; nil: nothing does.
    private let first: UInt8?

    public init(close: String, hasBackslashes: Bool, escapesClose: Bool) {
        self.close = Array(close.utf8)
        self.hasBackslashes = hasBackslashes
        self.escapesClose = hasBackslashes && escapesClose
        first = close.utf8.first
    }

    /// Appends a text as a body. Works on bytes: a quote followed by a combining mark is one Character, and must be
    /// doubled all the same.
    public func append(_ text: String, to statement: inout String) {
        guard hasSpecial(text) else {
            statement += text
            return
        }
        let bytes = Array(text.utf8)
        var body: [UInt8] = []
        body.reserveCapacity(bytes.count + 16)
        var index = 0
        while index < bytes.count { append(bytes, &index, to: &body) }
        statement += String(decoding: body, as: UTF8.self)
    }

    private func hasSpecial(_ text: String) -> Bool {
        // Of most dialects there is one such byte, which the C library finds faster.
        if !hasBackslashes { return first.map { text.holds($0) } ?? false }
        let bytes = text.utf8.span
        for index in bytes.indices where isSpecial(bytes[index]) { return true }
        return false
    }

    private func isSpecial(_ byte: UInt8) -> Bool {
        byte == first || hasBackslashes && byte == UInt8(ascii: "\\")
            || escapesClose && (byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r"))
    }

    private func append(_ bytes: [UInt8], _ index: inout Int, to body: inout [UInt8]) {
        let byte = bytes[index]
        guard isSpecial(byte) else {
            body.append(byte)
            index += 1
            return
        }
        if byte == first {
            let isClose = bytes[index...].starts(with: close)
            if isClose { body += escapesClose ? [UInt8(ascii: "\\")] : close }
            body += isClose ? close : [byte]
            index += isClose ? close.count : 1
            return
        }
        switch byte {
        case UInt8(ascii: "\n"): body += Array("\\n".utf8)
        case UInt8(ascii: "\r"): body += Array("\\r".utf8)
        default: body += [byte, byte]
        }
        index += 1
    }
}

extension Dialect {
    /// How a text stands inside this dialect's literals.
    public var literalQuoting: Quoting {
        Quoting(close: literalClose, hasBackslashes: hasBackslashEscapes, escapesClose: hasEscapedQuotes)
    }

    /// How a name stands inside this dialect's identifier quotes; nil: names cannot be quoted.
    public var identifierQuoting: Quoting? {
        identifierClose.map {
            Quoting(
                close: $0, hasBackslashes: hasBackslashEscapes && hasEscapedIdentifiers,
                escapesClose: hasEscapedQuotes)
        }
    }
}
