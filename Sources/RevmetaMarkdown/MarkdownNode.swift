/// A part of a Markdown text, as it is entered and, if it has parts of its own, left.
enum MarkdownNode: Equatable {
    case quote
    /// - Parameters:
    ///   - start: The first item's number; nil: bullets.
    ///   - isTight: Nothing stands between its items.
    case list(start: Int?, isTight: Bool)
    /// - Parameter isDone: Of a task; nil: it is none.
    case item(isDone: Bool?)
    case codeBlock(String)
    case htmlBlock(String)
    /// A paragraph or heading: a line of inline parts.
    case paragraph
    case rule
    case table
    case row(isHeader: Bool)
    case cell
    case text(String)
    case softBreak
    case lineBreak
    case html(String)
    case link(address: String)
    case image(address: String)
    /// What is around text and says nothing: emphasis, the document.
    case other
}
