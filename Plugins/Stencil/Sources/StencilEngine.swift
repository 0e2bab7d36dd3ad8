public import RevmetaPlugin
internal import RevmetaSQLText

/// Templates with conditions and loops, in Stencil's language, whose outputs are placed in SQL as values.
public enum StencilEngine: TemplateEngine {
    public static func compile(_ template: TemplateText, _ call: Call) throws(Failure) -> any CompiledTemplate {
        do throws(SQLTextProblem) {
            return try StencilTemplate(template)
        } catch {
            throw Failure(error, in: template.text)
        }
    }
}
