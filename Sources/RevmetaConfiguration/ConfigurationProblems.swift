/// All that is wrong with a configuration file, in the order of the text.
public struct ConfigurationProblems: Error, Sendable, Equatable, CustomStringConvertible {
    /// Never empty, without repetitions.
    public let problems: [ConfigurationProblem]

    init(_ problems: some Sequence<ConfigurationProblem>) {
        let start = ConfigurationProblem.Position(line: 0, column: 0)
        self.problems = Set(problems).sorted { one, other in
            let (here, there) = (one.position ?? start, other.position ?? start)
            return here == there ? (one.path, one.message) < (other.path, other.message) : here < there
        }
    }

    /// One problem a line.
    public var description: String {
        problems.map(\.description).joined(separator: "\n")
    }
}
