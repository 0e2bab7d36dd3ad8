/// Keys that stand twice, told apart so that reading can go on.
///
/// The YAML reader stops at the first mapping with such keys and says only where the first of them stands. Its first
/// letter is replaced by one nobody writes, which moves nothing else, and put back in the result.
struct RenamedKeys {
    private static let most = 30
    private var firstLetters: [ConfigurationProblem.Position: Unicode.Scalar] = [:]

    /// False if the key there is not a simple one, or if there are too many.
    mutating func rename(at position: ConfigurationProblem.Position, in source: inout SourceText) -> Bool {
        guard firstLetters.count < Self.most, let first = source[position] else { return false }
        let isQuoted = first == "\"" || first == "'"
        let column = isQuoted ? position.column + 1 : position.column
        let target = ConfigurationProblem.Position(line: position.line, column: column)
        guard let letter = source[target], !"\"'\\&*!?[]{}".unicodeScalars.contains(letter),
            let substitute = Unicode.Scalar(0xE000 + UInt32(firstLetters.count))
        else { return false }
        source[target] = substitute
        firstLetters[position] = letter
        return true
    }

    func original(of key: String, at position: ConfigurationProblem.Position) -> String {
        guard let letter = firstLetters[position] else { return key }
        var original = String.UnicodeScalarView([letter])
        original.append(contentsOf: key.unicodeScalars.dropFirst())
        return String(original)
    }
}
