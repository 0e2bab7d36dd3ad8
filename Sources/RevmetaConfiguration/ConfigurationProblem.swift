/// One thing that is wrong with a configuration file, and where.
///
/// A message never holds a value of `connection`, nor what a reference stands for.
public struct ConfigurationProblem: Sendable, Hashable {
    /// The file as it was named.
    public let file: String
    /// Where in the text, or nil if the file as a whole is meant.
    public let position: Position?
    /// The keys that lead there: `channels[0].filter.schemas`. Empty at the top.
    public let path: String
    /// A sentence: what was expected, what was found, what to do.
    public let message: String

    /// A line and a column, both counted from 1; columns count Unicode scalars.
    public struct Position: Sendable, Hashable, Comparable {
        public let line: Int
        public let column: Int

        public init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }

        public static func < (one: Position, other: Position) -> Bool {
            (one.line, one.column) < (other.line, other.column)
        }
    }

    public init(file: String, position: Position? = nil, path: String = "", message: String) {
        self.file = file
        self.position = position
        self.path = path
        self.message = message
    }
}

extension ConfigurationProblem: CustomStringConvertible {
    /// `revmeta.yaml:12:5: channels[0].onConflict: expected overwrite, keep or fail, found 'replace'`.
    public var description: String {
        let place = position.map { "\(file):\($0.line):\($0.column)" } ?? file
        return path.isEmpty ? "\(place): \(message)" : "\(place): \(path): \(message)"
    }
}
