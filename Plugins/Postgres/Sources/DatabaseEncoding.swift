import RevmetaPlugin

/// Which characters the encoding of the session's database can spell. Each is asked about once, and only where it is not UTF-8.
final class DatabaseEncoding {
    private let connection: Connection
    /// Whether it can spell a character, of those that were asked about.
    private var known: [Unicode.Scalar: Bool] = [:]

    init(of connection: Connection) {
        self.connection = connection
    }

    /// SQL_ASCII is no encoding: it takes any bytes.
    private var takesAll: Bool { ["UTF8", "SQL_ASCII"].contains(connection.encoding) }

    /// Looks up what is not known yet of the characters in texts.
    func learn(_ texts: some Sequence<String>, _ call: Call) throws(Failure) {
        guard !takesAll else { return }
        var unknown: Set<Unicode.Scalar> = []
        for text in texts { unknown.formUnion(text.unicodeScalars.lazy.filter { !$0.isASCII && self.known[$0] == nil }) }
        var parts = unknown.isEmpty ? [] : [unknown.sorted()]
        while !parts.isEmpty {
            var answers: [Connection.SingleAnswer] = []
            try connection.singly(parts.map(question), into: &answers, call)
            try connection.throwIfInterrupted()
            var halves: [[Unicode.Scalar]] = []
            for (part, error) in zip(parts, answers) {
                guard let error else {
                    for scalar in part { known[scalar] = true }
                    continue
                }
                // What else may be wrong is told when something is written.
                guard error.isUntranslatable, part.count > 1 else {
                    for scalar in part { known[scalar] = !error.isUntranslatable }
                    continue
                }
                halves += [Array(part[..<(part.count / 2)]), Array(part[(part.count / 2)...])]
            }
            parts = halves
        }
    }

    /// Why a text cannot be stored, of those that were learnt; nil: it can.
    func problem(with text: String) -> String? {
        guard !takesAll, let scalar = text.unicodeScalars.first(where: { known[$0] == false }) else { return nil }
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "holds '\(scalar)' (U+\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)), which the encoding "
            + "\(connection.encoding) of database \(connection.database) cannot spell: change it in the catalog"
    }

    /// Bytes, so that the question itself can be spelt.
    private func question(about scalars: [Unicode.Scalar]) -> String {
        let digits = Array("0123456789abcdef")
        let bytes = String(String.UnicodeScalarView(scalars)).utf8.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return "SELECT pg_catalog.convert(pg_catalog.decode('\(String(bytes))', 'hex'), 'UTF8', '\(connection.encoding)')"
    }
}
