import RevmetaPlugin

/// Functions, procedures and aggregates, asked for by name, or by name and argument types: `refund(integer, text)`.
struct RoutinesPart: ReadingPart {
    private struct Candidate {
        var entity: Int
        /// What stood between the parentheses; nil: the asked text is the name itself.
        var arguments: String?
    }

    private var candidates: [Candidate] = []
    private var schemas = TextArray()
    private var names = TextArray()
    private var asked: [(entity: Int, name: String)] = []

    var isEmpty: Bool { candidates.isEmpty }

    mutating func ask(_ entity: Int, _ schema: String, _ name: String) {
        asked.append((entity, name))
        add(Candidate(entity: asked.count - 1), schema, name)
        guard name.utf8.last == UInt8(ascii: ")") else { return }
        // A name may hold parentheses itself, so each one may be where the arguments begin.
        for index in name.utf8.indices where name.utf8[index] == UInt8(ascii: "(") {
            let arguments = name[name.utf8.index(after: index)...].utf8.dropLast()
            let spelled = Substring(arguments).normalized
            add(Candidate(entity: asked.count - 1, arguments: spelled), schema, String(name[..<index].trimmingSpaces))
        }
    }

    private mutating func add(_ candidate: Candidate, _ schema: String, _ name: String) {
        candidates.append(candidate)
        schemas.append(schema)
        names.append(name)
    }

    var queries: [Query] {
        [Query(
            name: "routines",
            text: """
                SELECT asked.position, p.proname, p.prokind, pg_get_function_identity_arguments(p.oid),
                  oidvectortypes(p.proargtypes), pg_get_userbyid(p.proowner), d.description
                FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked(schema, name, position)
                JOIN pg_namespace n ON n.nspname = asked.schema
                JOIN pg_proc p ON p.pronamespace = n.oid AND p.proname = asked.name
                LEFT JOIN pg_description d ON d.classoid = 'pg_proc'::regclass AND d.objoid = p.oid AND d.objsubid = 0
                ORDER BY asked.position, p.oid
                """,
            parameters: [schemas.parameter, names.parameter])]
    }

    func take(_ answers: [Rows], into readings: inout [Reading]) {
        let rows = answers[0]
        var matching = [[Int]](repeating: [], count: asked.count)
        for row in 0..<rows.count {
            let candidate = candidates[rows.integer(row, 0) - 1]
            if let arguments = candidate.arguments {
                let spellings = [rows.text(row, 3), rows.text(row, 4)].map { ($0 ?? "")[...].normalized }
                guard spellings.contains(where: { ExactText($0) == ExactText(arguments) }) else { continue }
            }
            matching[candidate.entity].append(row)
        }
        for (asked, matches) in zip(asked, matching) {
            guard let first = matches.first else { continue }
            readings[asked.entity] =
                matches.count == 1
                ? .found(found(rows, first))
                : .unknown(
                    kind: ObjectKind(prokind: rows.text(first, 2)), because: ambiguity(rows, matches, asked.name))
        }
    }

    private func found(_ rows: Rows, _ row: Int) -> Found {
        let kind = ObjectKind(prokind: rows.text(row, 2))
        let arguments = rows.text(row, 3) ?? ""
        return Found(
            kind: kind, description: rows.text(row, 6), owner: rows.text(row, 5) ?? "",
            routine: Found.Routine(
                name: rows.text(row, 1) ?? "",
                // An aggregate over no arguments is spelled count(*).
                arguments: kind == .aggregate && arguments.isEmpty ? "*" : arguments))
    }

    private func ambiguity(_ rows: Rows, _ matches: [Int], _ name: String) -> String {
        let choices = matches.prefix(8).map { "\(rows.text($0, 1) ?? "")(\(rows.text($0, 4) ?? ""))" }
        let more = matches.count > choices.count ? ", …" : ""
        return "ambiguous: \(matches.count) routines are named \(name); give the argument types: "
            + choices.joined(separator: ", ") + more
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        var text = self
        while text.utf8.first == UInt8(ascii: " ") { text = text.dropFirst() }
        while text.utf8.last == UInt8(ascii: " ") { text = text.dropLast() }
        return text
    }

    /// The text of an argument list without the spaces that are a matter of taste.
    fileprivate var normalized: String {
        split(separator: ",", omittingEmptySubsequences: false)
            .map { $0.split(separator: " ").joined(separator: " ") }
            .joined(separator: ",")
    }
}
