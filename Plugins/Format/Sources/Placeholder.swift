internal import RevmetaPlugin
internal import RevmetaSQLText

/// What stands between braces: a variable's name, and the filters that its value goes through.
struct Placeholder: Sendable {
    var name: String
    var filters: [ValueFilter] = []
    /// How the value is spelled, if the filters say.
    var form = SQLValue.Form.natural
    /// As the template has it.
    var text: String

    func value(of value: VariableValue) throws(FilterProblem) -> SQLValue {
        var content: SQLValue.Content = switch value {
        case .name(let text): .name(text)
        case .text(let text), .json(let text): .text(text)
        case .pairs(let pairs): .pairs(pairs.map { SQLValue.Pair(key: $0.key, value: $0.value) })
        }
        for filter in filters { content = try filter.apply(to: content) }
        return SQLValue(content, as: form)
    }
}
