internal import RevmetaPlugin
internal import RevmetaSQLText
@preconcurrency internal import Stencil

/// A compiled template: Stencil's nodes for its tags, and nodes of this engine's own for its texts and outputs.
final class StencilTemplate: CompiledTemplate {
    let names: [String]
    private let text: String
    private let rules: SQLRules
    private let starts: [Int]
    // Stencil's environments and nodes do not change once they are made.
    nonisolated(unsafe) private let environment: Environment
    nonisolated(unsafe) private let nodes: [any NodeType]

    init(_ template: TemplateText) throws(SQLTextProblem) {
        text = template.text
        rules = SQLRules(template.dialect)
        let parts = try Parts(template)
        names = parts.names
        starts = parts.starts
        guard !names.isEmpty else {
            throw SQLTextProblem(
                offset: 0, "expected a template that uses a variable, found none: write one as {{ description }}."
                    + " \(Known(template.names).sentence)")
        }
        environment = Environment(extensions: [Filters()])
        nodes = try parts.nodes(in: environment)
    }

    func render(_ change: Change, _ variables: Variables, _ call: Call) throws(Failure) -> [String] {
        var context: [String: Any] = [:]
        let recorder = Recorder(call)
        for name in names {
            switch variables[name] {
            case .name(let value):
                recorder.roles[name] = .name
                context[name] = value
            case .text(let value): context[name] = value
            case .pairs(let pairs):
                recorder.roles[name] = .pairs(pairs.map { SQLValue.Pair(key: $0.key, value: $0.value) })
                context[name] = JSONValue.list(pairs.map { ["key": $0.key, "value": $0.value] })
            case .json(let json):
                context[name] = try json.flatMap { json throws(Failure) in try JSONValue.parsed(json) }
            case nil: throw Failure(.invalid, "expected a value for the variable \"\(name)\", found none")
            }
        }
        context[Recorder.key] = recorder
        try run(Context(dictionary: context, environment: environment), recorder)
        return try statements(recorder)
    }

    private func run(_ context: Context, _ recorder: Recorder) throws(Failure) {
        do {
            // The nodes tell the recorder what they have, in order, and give no text of their own.
            _ = try renderNodes(nodes, context)
        } catch {
            // Stencil makes errors of its own of all.
            if let failure = recorder.failure { throw failure }
            let error = error as? TemplateSyntaxError
            let place = error?.token.flatMap { Int($0.sourceMap.location.content) }
            let start = place.map { starts[$0] } ?? 0
            throw Failure(SQLTextProblem(offset: start, error?.reason ?? "the template cannot be run"), in: text)
        }
    }

    private func statements(_ recorder: Recorder) throws(Failure) -> [String] {
        let layout: SQLLayout
        do throws(SQLTextProblem) {
            layout = try SQLLayout(recorder.source, rules)
        } catch {
            throw Failure(error, in: text)
        }
        do throws(SQLValueProblem) {
            return try SQLWriter(rules).statements(layout) { recorder.values[$0].value }
        } catch {
            throw Failure(.config, "{{\(recorder.values[error.value].text)}} \(error.message)")
        }
    }
}
