/// Why a text of JSON could not be read, and on which line.
package struct DocumentError: Error, Equatable {
    /// From 1; nil where the error is about the file as a whole. In a JSON list, the line where the element starts.
    package var line: Int?
    package var message: String

    package init(line: Int? = nil, message: String) {
        self.line = line
        self.message = message
    }
}
