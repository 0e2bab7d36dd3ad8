/// Why the catalog could not be read: where, and a sentence that is safe to show.
public struct CatalogError: Error, Sendable, Equatable {
    /// The file's name within the folder, or the folder's path.
    public var file: String
    /// From 1; nil where the error is about the file as a whole. In a `.json` file, the line where the entity starts.
    public var line: Int?
    public var message: String

    public init(file: String, line: Int? = nil, message: String) {
        self.file = file
        self.line = line
        self.message = message
    }
}

extension CatalogError: CustomStringConvertible {
    /// `tables.jsonl:17: columns[3].name: expected a text, found a number`.
    public var description: String {
        line.map { "\(file):\($0): \(message)" } ?? "\(file): \(message)"
    }
}
