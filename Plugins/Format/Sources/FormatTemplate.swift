internal import RevmetaPlugin
internal import RevmetaSQLText

/// A compiled template: a layout, and what each of its places asks for.
final class FormatTemplate: CompiledTemplate {
    let names: [String]
    private let placeholders: [Placeholder]
    private let layout: SQLLayout
    private let writer: SQLWriter

    init(_ template: TemplateText) throws(SQLTextProblem) {
        var parser = FormatParser(template)
        try parser.parse()
        guard !parser.placeholders.isEmpty else {
            throw SQLTextProblem(
                offset: 0, "expected a template that uses a variable, found none: write one as {description}."
                    + " \(Known(parser.names).sentence)")
        }
        let rules = SQLRules(template.dialect)
        layout = try SQLLayout(parser.source, rules)
        placeholders = parser.placeholders
        writer = SQLWriter(rules)
        var seen: Set<String> = []
        names = placeholders.map(\.name).filter { seen.insert($0).inserted }
    }

    func render(_ change: Change, _ variables: Variables, _ call: Call) throws(Failure) -> [String] {
        do throws(SQLValueProblem) {
            return try writer.statements(layout) { number throws(SQLValueProblem) in
                let placeholder = placeholders[number]
                guard let value = variables[placeholder.name] else {
                    throw SQLValueProblem(value: number, message: "has no value: the host gave none")
                }
                do throws(FilterProblem) {
                    return try placeholder.value(of: value)
                } catch {
                    throw SQLValueProblem(value: number, message: error.message)
                }
            }
        } catch {
            throw Failure(.config, "{\(placeholders[error.value].text)} \(error.message)")
        }
    }
}
