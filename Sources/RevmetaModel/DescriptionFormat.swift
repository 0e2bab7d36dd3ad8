/// What a source gets of the catalog's descriptions, which are Markdown.
public enum DescriptionFormat: String, Sendable, Hashable, CaseIterable, Codable {
    /// As it is.
    case markdown
    /// Rendered to text.
    case plain
}
