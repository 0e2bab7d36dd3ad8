/// A value that a place takes.
public struct SQLValue: Sendable, Equatable {
    /// What the value is, which decides how it is spelled where no quotes stand around it.
    public enum Content: Sendable, Equatable {
        /// Becomes an identifier; nil: there is none.
        case name(String?)
        /// Becomes a literal; nil becomes NULL.
        case text(String?)
        /// Becomes the dialect's list.
        case pairs([Pair])
    }

    public struct Pair: Sendable, Equatable {
        public var key: String
        public var value: String

        public init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    /// What the template's author asked for.
    public enum Form: Sendable {
        /// What the value is decides.
        case natural
        case literal
        case identifier
        /// As it is.
        case raw
    }

    public var content: Content
    public var form: Form

    public init(_ content: Content, as form: Form = .natural) {
        self.content = content
        self.form = form
    }

    /// The value as a text; nil: there is none.
    public var text: String? {
        switch content {
        case .name(let text), .text(let text): text
        case .pairs(let pairs): pairs.isEmpty ? nil : pairs.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
        }
    }
}

/// Why a value cannot stand where the template wants it. One change's matter, not the template's.
public struct SQLValueProblem: Error, Sendable, Equatable {
    /// The value's number.
    public var value: Int
    /// What is wrong with it: follows its name in a sentence.
    public var message: String

    public init(value: Int, message: String) {
        self.value = value
        self.message = message
    }
}
