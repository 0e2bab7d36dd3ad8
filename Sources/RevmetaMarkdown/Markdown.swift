/// Markdown as GitHub and OpenMetadata write it.
public enum Markdown {
    /// What a reader of plain text should see of a Markdown text: words, lists and tables, without the marks.
    ///
    /// Headings, paragraphs, lists, quotes and code keep their lines; a table keeps its columns, a link its text and, where
    /// that says more, its address. HTML is reduced to its text. Any text has a result, and the same text the same one.
    /// Takes any number of threads.
    public static func plainText(_ markdown: String) -> String {
        var renderer = PlainTextRenderer()
        MarkdownParser.visit(markdown) { renderer.visit($0, isEntering: $1) }
        return renderer.text
    }
}
