/// What an entity must be for a filter to match it, in whichever spelling the filter was written.
public indirect enum Condition: Sendable, Equatable {
    case always
    case never
    case all([Condition])
    /// At least so many of them.
    case some([Condition], atLeast: Int)
    case not(Condition)
    /// One of the field's values passes.
    case field(SearchField, TextTest)
    /// The field has a value.
    case exists(SearchField)
    /// So many of the field's values pass, within both bounds; all of them, where nothing is asked of them.
    case count(SearchField, TextTest?, from: Int, to: Int)
    /// One of the custom properties meets a condition on its name and value.
    case property(Condition)
}

/// What a value must be.
public struct TextTest: Sendable, Equatable {
    public enum Form: Sendable, Equatable {
        case equals(String)
        case oneOf([String])
        case prefix(String)
        /// The value holds the text, or stands within it.
        case contains(String)
        case isWithin(String)
        case pattern(NamePattern)
        case expression(LuceneExpression)
        /// Bounds as numbers; times are milliseconds since 1970.
        case range(from: Double?, isFromIncluded: Bool, to: Double?, isToIncluded: Bool)
        /// Words, of which one or all must occur.
        case words([String], all: Bool)
    }

    public var form: Form
    /// Texts of the form are in lower case then.
    public var ignoresCase: Bool

    public init(_ form: Form, ignoresCase: Bool) {
        self.ignoresCase = ignoresCase
        self.form =
            switch form {
            case .equals(let text) where ignoresCase: .equals(text.lowercased())
            case .oneOf(let texts) where ignoresCase: .oneOf(texts.map { $0.lowercased() })
            case .prefix(let text) where ignoresCase: .prefix(text.lowercased())
            case .words(let words, let all) where ignoresCase: .words(words.map { $0.lowercased() }, all: all)
            default: form
            }
    }
}

extension TextTest {
    /// The words of a text: letters and digits that stand together.
    public static func words(of text: String) -> [String] {
        text.split { !($0.isLetter || $0.isNumber) }.map(String.init)
    }
}

extension TextTest: CustomStringConvertible {
    public var description: String {
        func quoted(_ texts: [String]) -> String { texts.map { "'\($0)'" }.joined(separator: ", ") }
        return switch form {
        case .equals(let text): "is '\(text)'"
        case .oneOf(let texts): "is one of \(quoted(texts))"
        case .prefix(let text): "begins with '\(text)'"
        case .contains(let text): "holds '\(text)'"
        case .isWithin(let text): "stands within '\(text)'"
        case .pattern(let pattern): "looks like \(pattern.text)"
        case .expression(let expression): "looks like /\(expression.text)/"
        case .range(let from, let isFromIncluded, let to, let isToIncluded):
            [
                from.map { "is \(isFromIncluded ? "at least" : "above") \($0)" },
                to.map { "is \(isToIncluded ? "at most" : "below") \($0)" },
            ].compactMap { $0 }.joined(separator: " and ")
        case .words(let words, let all): "has \(all ? "all" : "one") of the words \(quoted(words))"
        }
    }
}
