public import RevmetaPlugin
internal import RevmetaSQLText

/// Templates that are SQL with `{name}` and `{name|filter}` in it.
public enum FormatEngine: TemplateEngine {
    public static func compile(_ template: TemplateText, _ call: Call) throws(Failure) -> any CompiledTemplate {
        do throws(SQLTextProblem) {
            return try FormatTemplate(template)
        } catch {
            throw Failure(error, in: template.text)
        }
    }
}
