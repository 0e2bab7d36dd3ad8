import RevmetaPlugin

/// An engine that says what it was given, to look at the kit from the host's side.
enum EchoEngine: TemplateEngine {
    static func compile(_ template: TemplateText, _ call: Call) throws(Failure) -> any CompiledTemplate {
        if template.text == "bad" { throw Failure(.config, "expected more", line: 3, column: 7) }
        return EchoTemplate(template)
    }
}

final class EchoTemplate: CompiledTemplate {
    let names: [String]
    private let template: TemplateText

    init(_ template: TemplateText) {
        self.template = template
        names = template.text.split(separator: " ").map(String.init)
    }

    func render(_ change: Change, _ variables: Variables, _ call: Call) throws(Failure) -> [String] {
        let dialect = template.dialect
        var texts = [
            "dialect \(dialect.name) \(dialect.identifierMaxBytes ?? 0) \(dialect.hasEscapedQuotes) "
                + "\(dialect.hasDottedIdentifiers)",
            "names \(template.names.joined(separator: ","))", "raw \(template.allowsRaw)",
            "change \(change.kind) of \(change.path.joined(separator: ".")) to \(change.value ?? "nil")",
        ]
        for name in ["table", "empty", "absent", "tags", "entity", "gone"] {
            texts.append(name + " " + (variables[name].map { "\($0)" } ?? "nil"))
        }
        return texts + [""]
    }
}
