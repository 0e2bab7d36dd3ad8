import Yams

extension Element.Content {
    /// YAML 1.2's core schema: `yes` and `on` are texts, as are dates.
    init(_ scalar: Node.Scalar) {
        switch scalar.tag.rawValue {
        case Tag.Name.str.rawValue, Tag.Name.nonSpecific.rawValue: self = .text(scalar.string)
        case "": self.init(plain: scalar.string)
        case Tag.Name.null.rawValue, Tag.Name.bool.rawValue, Tag.Name.int.rawValue, Tag.Name.float.rawValue:
            self.init(plain: scalar.string)
        default: self = .tagged
        }
    }

    private init(plain text: String) {
        switch text {
        case "", "~", "null", "Null", "NULL": self = .nothing
        case "true", "True", "TRUE": self = .boolean(true)
        case "false", "False", "FALSE": self = .boolean(false)
        default: self = Self.isNumber(text) ? .number(text) : .text(text)
        }
    }

    private static func isNumber(_ text: String) -> Bool {
        switch text {
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", ".nan", ".NaN", ".NAN": true
        case "0o", "0x": false
        case _ where text.hasPrefix("0o"): text.dropFirst(2).allSatisfy { "0"..."7" ~= $0 }
        case _ where text.hasPrefix("0x"): text.dropFirst(2).allSatisfy { $0.isASCII && $0.isHexDigit }
        // Swift's own reading also takes "infinity" and hexadecimal fractions.
        default: text.allSatisfy { "0123456789.eE+-".contains($0) } && Double(text) != nil
        }
    }
}
