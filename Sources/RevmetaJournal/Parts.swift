internal import FoundationEssentials
internal import GRDB
internal import RevmetaEngine

/// The parts of a template's statement, as the journal keeps them.
enum Parts {
    /// A JSON list; nil: there are none.
    static func text(of parts: [String]) throws -> String? {
        parts.isEmpty ? nil : String(decoding: try JSONEncoder().encode(parts), as: UTF8.self)
    }

    static func parts(of text: String?) throws -> [String] {
        guard let text else { return [] }
        return try JSONDecoder().decode([String].self, from: Data(text.utf8))
    }
}

extension TemplateWriting {
    /// Reads rendered, held and is_read from neighbouring columns; nil: no template wrote it.
    init?(_ row: Row, from column: Int) {
        guard let rendered: String = row[column] else { return nil }
        let held: String? = row[column + 1], isRead: Bool = row[column + 2]
        self.init(rendered: rendered, held: isRead ? .value(held) : .unread)
    }
}
