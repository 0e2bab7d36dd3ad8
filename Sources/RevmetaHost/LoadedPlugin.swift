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
        let name = try body.text(), open = try body.text(), close = try body.text()
        let end = try body.text(), begin = try body.text(), use = try body.text()
        return .success(LoadedPlugin(
            dialect: Dialect(
                name: name ?? "", identifierOpen: open ?? "", identifierClose: close ?? "", statementEnd: end ?? "",
                scriptBegin: begin ?? "", scriptUse: use),
            hasTemplateEngine: hasTemplateEngine))
    }
}
