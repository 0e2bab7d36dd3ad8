import RevmetaFormat
import RevmetaPlugin

/// Variables as the host gives them, with values that need no quoting.
func variables(_ changed: [String: VariableValue] = [:]) -> [String: VariableValue] {
    let plain: [String: VariableValue] = [
        "database": .name("shop"), "schema": .name("sales"), "table": .name("orders"), "column": .name("total"),
        "description": .text("All orders"), "owner": .name("ann"), "tag_key": .name("PII"),
        "tag_value": .text("Sensitive"), "tags": .pairs([("PII", "Sensitive"), ("env", "prod")]),
    ]
    return plain.merging(changed) { $1 }
}

/// What a template of the engine format renders to.
func format(
    _ text: String, _ dialect: Dialect, _ changed: [String: VariableValue] = [:], allowsRaw: Bool = false
) throws -> [String] {
    let values = variables(changed)
    let template = try FormatEngine.compile(
        TemplateText(text, dialect: dialect, names: values.keys.sorted(), allowsRaw: allowsRaw), .trial)
    return try template.render(Variables(values))
}

extension CompiledTemplate {
    func render(_ variables: Variables) throws(Failure) -> [String] {
        let change = Change(kind: "table", path: [], attribute: "description", before: nil, value: nil)
        return try render(change, variables, .trial)
    }
}
