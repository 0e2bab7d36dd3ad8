internal import Stencil

/// What Stencil computed, as texts.
enum Texts {
    /// - Parameter place: What the template has there, for people.
    static func text(of value: Any?, in place: String) throws -> String? {
        switch value {
        case nil: return nil
        case let text as String: return text
        case let text as Substring: return String(text)
        case let letter as Character: return String(letter)
        case let truth as Bool: return truth ? "true" : "false"
        case let number as Int: return String(number)
        case let number as Double: return number.asText
        case let number as Float: return Double(number).asText
        case let pair as [String: String] where pair.count == 2 && pair["key"] != nil && pair["value"] != nil:
            return "\(pair["key"] ?? "")=\(pair["value"] ?? "")"
        case let many as [String: Any] where many.isEmpty: return nil
        default:
            throw TemplateSyntaxError(
                "expected a text in {{\(place)}}, found a list or an object: go through it with a loop, join it,"
                    + " or name one of its fields")
        }
    }

    static func isNothing(_ value: Any?) -> Bool {
        switch value {
        case nil: true
        case let text as String: text.isEmpty
        case let many as [String: Any]: many.isEmpty
        case let many as [Any]: many.isEmpty
        default: false
        }
    }
}

extension Double {
    /// A whole number without its point.
    fileprivate var asText: String {
        self == rounded() && abs(self) < 1e15 ? String(Int(self)) : String(self)
    }
}
