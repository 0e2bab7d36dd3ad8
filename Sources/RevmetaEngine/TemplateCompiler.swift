public import RevmetaModel

/// What turns texts of templates into statements: the template engines of plugins.
public protocol TemplateCompiler: Sendable {
    /// Compiles a template. Throws with `line` and `column` if the text is at fault.
    func compile(_ request: TemplateRequest) async throws(Failure) -> any CompiledTemplate
}

/// A template to compile.
public struct TemplateRequest: Sendable, Hashable {
    /// Whose it is: what one channel's templates do to their engine costs no other channel.
    public var channel: String
    /// The engine's name, or the id of its plugin.
    public var engine: String
    public var text: String
    /// How the source spells what comes of it.
    public var dialect: Dialect
    /// The variables that it may use.
    public var names: [TemplateVariable]
    /// Whether a value may be placed as it is, whatever it does to the statement.
    public var allowsRaw: Bool

    public init(
        channel: String, engine: String, text: String, dialect: Dialect, names: [TemplateVariable], allowsRaw: Bool = false
    ) {
        self.channel = channel
        self.engine = engine
        self.text = text
        self.dialect = dialect
        self.names = names
        self.allowsRaw = allowsRaw
    }
}

/// A template that its engine understood.
public protocol CompiledTemplate: Sendable {
    /// The variables that it uses, each once.
    var uses: [TemplateVariable] { get }

    /// The statements of each change, in its order. Throws if the engine itself failed, and nothing is known of any.
    func render(_ renderings: [TemplateRendering]) async throws(Failure) -> [Result<[String], Failure>]
}

/// A change and the variables that a template renders for it.
public struct TemplateRendering: Sendable {
    public var change: Change
    /// Of each variable that the template uses.
    public var values: [TemplateVariable: TemplateValue]

    public init(change: Change, values: [TemplateVariable: TemplateValue]) {
        self.change = change
        self.values = values
    }
}

/// A variable's value for one change.
public enum TemplateValue: Sendable, Equatable {
    /// Nil: the change clears it.
    case text(String?)
    case pairs([TemplatePair])
}

/// A key and its value in a list: a tag.
public struct TemplatePair: Sendable, Equatable {
    public var key: String
    public var value: String

    public init(_ key: String, _ value: String) {
        self.key = key
        self.value = value
    }
}
