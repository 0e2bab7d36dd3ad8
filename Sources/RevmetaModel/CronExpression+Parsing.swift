extension CronExpression {
    /// Why a text is no expression.
    public struct Invalid: Error, Sendable, Equatable {
        /// Which of the five fields it is about, from 1 on; nil: the whole.
        public let field: Int?
        /// The character of the text where it begins, from 1 on.
        public let column: Int
        public let expected: String
        /// What stands there instead.
        public let found: String
    }

    /// The words that stand for expressions.
    public static let words: [(word: String, means: String)] = [
        ("@hourly", "0 * * * *"), ("@daily", "0 0 * * *"), ("@midnight", "0 0 * * *"), ("@weekly", "0 0 * * 0"),
        ("@monthly", "0 0 1 * *"), ("@yearly", "0 0 1 1 *"), ("@annually", "0 0 1 1 *"),
    ]

    /// More characters than any expression needs, and few enough to be shown.
    private static let mostCharacters = 500

    /// Reads an expression; one that no day will ever match is refused.
    public init(_ text: String) throws(Invalid) {
        let count = text.unicodeScalars.count
        guard count <= Self.mostCharacters else {
            throw Invalid(
                field: nil, column: Self.mostCharacters + 1, expected: "at most \(Self.mostCharacters) of them", found: "\(count)")
        }
        let pieces = Piece.fields(of: text)
        self.init(
            text: pieces.map(\.text).joined(separator: " "),
            fields: try pieces.first.map { $0.text.hasPrefix("@") } == true ? Self.word(pieces) : Self.fields(pieces, of: text))
        try refuseDaysThatNeverCome(pieces)
    }

    private init(text: String, fields: [CronField]) {
        self.text = text
        minutes = fields[0]
        hours = fields[1]
        daysOfMonth = fields[2]
        months = fields[3]
        daysOfWeek = fields[4]
    }

    private static func fields(_ pieces: [Piece], of text: String) throws(Invalid) -> [CronField] {
        guard pieces.count == CronFieldReader.all.count else {
            let names = CronFieldReader.all.map(\.name).joined(separator: ", ")
            let sixth = pieces.count > 5 ? pieces[5].column : text.unicodeScalars.count + 1
            throw Invalid(
                field: nil, column: sixth, expected: "five fields (\(names)), or a word such as @daily",
                found: pieces.isEmpty ? "nothing" : "\(pieces.count) of them")
        }
        var fields: [CronField] = []
        for (piece, reader) in zip(pieces, CronFieldReader.all) { fields.append(try reader.read(piece)) }
        return fields
    }

    private static func word(_ pieces: [Piece]) throws(Invalid) -> [CronField] {
        let known = words.map(\.word).joined(separator: ", ")
        guard let word = words.first(where: { $0.word == pieces[0].text.lowercased() }) else {
            let isReboot = pieces[0].text.lowercased() == "@reboot"
            throw Invalid(
                field: nil, column: pieces[0].column,
                expected: isReboot ? "a time, which a restart is not: one of \(known)" : "one of \(known)",
                found: "'\(pieces[0].text)'")
        }
        guard pieces.count == 1 else {
            throw Invalid(
                field: nil, column: pieces[1].column, expected: "nothing after \(word.word)", found: "'\(pieces[1].text)'")
        }
        return try fields(Piece.fields(of: word.means), of: word.means)
    }

    private func refuseDaysThatNeverCome(_ pieces: [Piece]) throws(Invalid) {
        // A day of the week comes in every month.
        guard daysOfMonth.isWildcard || daysOfWeek.isWildcard else { return }
        let longest = [0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        let comes = (1...12).contains { month in
            months.contains(month) && daysOfMonth.first(from: 1).map { $0 <= longest[month] } == true
        }
        guard !comes else { return }
        throw Invalid(
            field: 3, column: pieces[2].column, expected: "a day that its months have",
            found: "'\(pieces[2].text)' with '\(pieces[3].text)' for months, which never comes")
    }
}

extension CronExpression.Invalid: CustomStringConvertible {
    /// `field 2 (hour), character 3: expected a number from 0 to 23, found '25'`.
    public var description: String { "\(descriptionWithoutText), found \(found)" }

    /// The same without what stands in the text, for a text that must not be shown.
    public var descriptionWithoutText: String {
        let field = field.map { "field \($0) (\(CronFieldReader.all[$0 - 1].name)), " } ?? ""
        return "\(field)character \(column): expected \(expected)"
    }
}

/// A part of an expression's text, and where it stands.
struct Piece {
    let text: String
    /// From 1 on.
    let column: Int

    /// What blanks are between.
    static func fields(of text: String) -> [Piece] {
        split(Array(text.unicodeScalars), from: 1, keepingEmpty: false) { $0 == " " || $0 == "\t" }
    }

    /// What a character is between, also where that is nothing.
    func split(by separator: Unicode.Scalar) -> [Piece] {
        Self.split(Array(text.unicodeScalars), from: column, keepingEmpty: true) { $0 == separator }
    }

    private static func split(
        _ scalars: [Unicode.Scalar], from column: Int, keepingEmpty: Bool, at isSeparator: (Unicode.Scalar) -> Bool
    ) -> [Piece] {
        scalars.split(omittingEmptySubsequences: !keepingEmpty, whereSeparator: isSeparator).map { part in
            var text = ""
            text.unicodeScalars.append(contentsOf: part)
            return Piece(text: text, column: column + part.startIndex)
        }
    }
}
