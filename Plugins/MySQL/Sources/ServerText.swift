/// Texts and names between quotes, spelled as the server itself spells them.
enum ServerText {
    /// The literal of a text; line ends are escaped, since the server's client takes `\r` out of scripts.
    static func literal(_ text: String) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "'")]
        bytes.reserveCapacity(text.utf8.count + 2)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "'"): bytes += [byte, byte]
            case UInt8(ascii: "\\"): bytes += [byte, byte]
            case UInt8(ascii: "\n"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case UInt8(ascii: "\r"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "'"))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The text of a literal.
    static func text(ofLiteral literal: ArraySlice<UInt8>) -> String {
        String(decoding: unquoted(literal, escapes: true), as: UTF8.self)
    }

    /// A literal of the same bytes: `x'00ff'`.
    static func hexadecimal(ofLiteral literal: ArraySlice<UInt8>) -> String {
        let digits = Array("0123456789abcdef")
        let bytes = unquoted(literal, escapes: true)
        return "x'" + String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }) + "'"
    }

    /// The name in a quoted identifier.
    static func name(ofQuoted name: ArraySlice<UInt8>) -> String {
        String(decoding: unquoted(name, escapes: false), as: UTF8.self)
    }

    private static func unquoted(_ quoted: ArraySlice<UInt8>, escapes: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(quoted.count)
        let quote = quoted.first
        var rest = quoted.dropFirst().dropLast()
        while let byte = rest.popFirst() {
            if byte == quote {
                rest = rest.dropFirst()
                bytes.append(byte)
            } else if escapes, byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() {
                bytes.append(unescaped(escaped))
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }

    private static func unescaped(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "0"): 0
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "n"): UInt8(ascii: "\n")
        case UInt8(ascii: "r"): UInt8(ascii: "\r")
        case UInt8(ascii: "t"): UInt8(ascii: "\t")
        case UInt8(ascii: "Z"): 0x1A
        default: byte
        }
    }
}
