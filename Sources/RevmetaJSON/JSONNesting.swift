/// Where a reader of JSON stands between brackets and within strings.
///
/// It tells where a value ends without reading the value; whether all of it is valid JSON is for the decoder.
struct JSONNesting {
    private enum Text {
        case outside
        case inside
        /// After a backslash: the next byte ends nothing.
        case escaped
    }

    /// Deeper values are refused, as the decoder does.
    static let maximumDepth = 512

    private var closers: [UInt8] = []
    private var text = Text.outside

    var depth: Int { closers.count }
    var isInText: Bool { text != .outside }

    /// Goes one byte further.
    @inline(__always)
    mutating func follow(_ byte: UInt8) throws(Fault) {
        switch text {
        case .outside:
            switch byte {
            case UInt8(ascii: "\""): text = .inside
            case UInt8(ascii: "{"): try open(closer: UInt8(ascii: "}"))
            case UInt8(ascii: "["): try open(closer: UInt8(ascii: "]"))
            case UInt8(ascii: "}"), UInt8(ascii: "]"): try close(byte)
            default: break
            }
        case .inside:
            switch byte {
            case UInt8(ascii: "\""): text = .outside
            case UInt8(ascii: "\\"): text = .escaped
            case 0..<0x20: throw Fault("expected the text's closing \", found \(described(byte))")
            default: break
            }
        case .escaped:
            text = .inside
        }
    }

    /// How many of the bytes from `start` on lie within the present text and change nothing.
    @inline(__always)
    func plainTextLength(in bytes: Span<UInt8>, from start: Int) -> Int {
        guard text == .inside else { return 0 }
        var index = start
        while index < bytes.count {
            let byte = bytes[unchecked: index]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
            index += 1
        }
        return index - start
    }

    private mutating func open(closer: UInt8) throws(Fault) {
        guard closers.count < Self.maximumDepth else {
            throw Fault("nested deeper than \(Self.maximumDepth) levels")
        }
        closers.append(closer)
    }

    private mutating func close(_ byte: UInt8) throws(Fault) {
        guard let expected = closers.popLast() else { throw Fault("expected a value, found \(described(byte))") }
        guard expected == byte else { throw Fault("expected \(described(expected)), found \(described(byte))") }
    }
}

/// A byte as a message shows it.
func described(_ byte: UInt8) -> String {
    switch byte {
    case 0x21...0x7E: "`\(Unicode.Scalar(byte))`"
    case UInt8(ascii: "\n"): "the end of the line"
    default: "byte 0x" + String(byte, radix: 16, uppercase: true)
    }
}
