/// Compiles templates that users wrote, so that changes can be rendered to statements.
///
/// What the functions must do is told in full in `revmeta/template.h`; here is what Swift adds. Everything is pure: no
/// I/O, no clock, the same input gives the same text. Calls come from any thread, several at once.
public protocol TemplateEngine: Sendable {
    /// Compiles a template.
    ///
    /// Throws `config` with the line and column of what is wrong, and with the known names after an unknown one.
    static func compile(_ template: TemplateText, _ call: Call) throws(Failure) -> any CompiledTemplate
}

/// A template that changes can be rendered with.
public protocol CompiledTemplate: AnyObject, Sendable {
    /// The names of the variables that the template uses, each once.
    var names: [String] { get }

    /// Renders the template for one change: one text for each statement, in order, each without what ends it.
    ///
    /// Values are placed by what stands around them, so that none can change a statement's shape.
    func render(_ change: Change, _ variables: Variables, _ call: Call) throws(Failure) -> [String]
}

/// A template as a user wrote it, and what it is compiled against.
public struct TemplateText: Sendable {
    public var text: String
    /// The dialect of the source that the statements are for.
    public var dialect: Dialect
    /// The variables that it can use.
    public var names: [String]
    /// A value may be placed as it is, whatever it does to the statement.
    public var allowsRaw: Bool

    public init(_ text: String, dialect: Dialect, names: [String], allowsRaw: Bool = false) {
        self.text = text
        self.dialect = dialect
        self.names = names
        self.allowsRaw = allowsRaw
    }
}

/// A variable's value for one change.
public enum VariableValue: Sendable, Equatable {
    /// An identifier; nil: there is none.
    case name(String?)
    /// A text; nil: the change clears.
    case text(String?)
    case pairs([(key: String, value: String)])
    /// A JSON text, for engines with logic: it is no value itself, what it holds is. Nil: there is none.
    case json(String?)

    public static func == (one: VariableValue, other: VariableValue) -> Bool {
        switch (one, other) {
        case (.name(let one), .name(let other)), (.text(let one), .text(let other)), (.json(let one), .json(let other)):
            one == other
        case (.pairs(let one), .pairs(let other)): one.elementsEqual(other, by: ==)
        default: false
        }
    }
}
