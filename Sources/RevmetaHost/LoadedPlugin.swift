public import RevmetaModel
internal import RevmetaRunner

/// What a plugin turned out to be once it was loaded.
public struct LoadedPlugin: Sendable, Equatable {
    /// How the connector's scripts are spelled; nil: the plugin offers no connector.
    public var dialect: Dialect?
    /// Whether the plugin offers a template engine.
    public var hasTemplateEngine: Bool

    /// Reads a runner's answer.
    static func read(_ body: inout FrameReader) throws(BrokenFrame) -> Result<LoadedPlugin, PluginProblem> {
        if let problem = try body.text() { return .failure(PluginProblem(problem)) }
        let hasTemplateEngine = try body.number(UInt8.self) == 1
        guard try body.number(UInt8.self) == 1 else {
            return .success(LoadedPlugin(dialect: nil, hasTemplateEngine: hasTemplateEngine))
        }
        return .success(LoadedPlugin(dialect: try body.dialect(), hasTemplateEngine: hasTemplateEngine))
    }
}

extension FrameReader {
    fileprivate mutating func dialect() throws(BrokenFrame) -> Dialect {
        let flags = try number(UInt32.self), longest = try number(UInt32.self)
        var dialect = Dialect(
            name: try text() ?? "", identifierOpen: try text() ?? "", identifierClose: try text() ?? "")
        dialect.flags = flags
        dialect.identifierMaxBytes = longest
        for place in Dialect.certainTexts { dialect[keyPath: place] = try text() ?? "" }
        dialect.scriptBegin = try text() ?? ""
        dialect.scriptUse = try text()
        return dialect
    }
}

extension FrameWriter {
    /// Writes a dialect as a runner reads it.
    mutating func dialect(_ dialect: Dialect) {
        number(dialect.flags)
        number(dialect.identifierMaxBytes)
        text(dialect.name)
        text(dialect.identifierOpen.isEmpty ? nil : dialect.identifierOpen)
        text(dialect.identifierClose.isEmpty ? nil : dialect.identifierClose)
        for place in Dialect.certainTexts { text(dialect[keyPath: place]) }
        text(dialect.scriptBegin.isEmpty ? nil : dialect.scriptBegin)
        text(dialect.scriptUse)
    }
}

extension Dialect {
    /// Texts that every dialect has, in the order in which they cross.
    fileprivate static var certainTexts: [WritableKeyPath<Dialect, String>] {
        [
            \.literalOpen, \.literalClose, \.list.open, \.list.close, \.list.separator, \.list.pairOpen,
            \.list.pairSeparator, \.list.pairClose, \.statementEnd,
        ]
    }
}
