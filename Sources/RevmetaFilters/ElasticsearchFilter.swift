internal import FoundationEssentials
internal import RevmetaModel

/// Collate's saved query filters: the Elasticsearch query that its filter editor writes, as JSON.
///
/// A clause or field that is not known is an error: a filter that is understood in half selects what nobody asked for.
struct ElasticsearchFilter {
    private(set) var warnings: [String] = []
    /// What stands in a clause that probably means something else, and what would say that.
    private var corrections: [(written: JSONValue, meant: JSONValue)] = []

    /// Reads the object around a query: `{"query": {…}}`.
    mutating func condition(_ filter: [String: JSONValue]) throws(FilterError) -> Condition {
        for key in filter.keys.sorted() where key != "query" {
            throw FilterError("", "expected {\"query\": {…}}, found the key '\(key)'")
        }
        let condition = try clause(filter["query"]!, at: "query")
        if !corrections.isEmpty {
            let meant = corrections.reduce(JSONValue.object(filter)) { $0.replacing($1.written, by: $1.meant) }
            warnings[warnings.count - 1] += ". The corrected filter: \(meant.json)"
        }
        return condition
    }

    /// One clause: an object with the clause's name as its only key.
    private mutating func clause(_ value: JSONValue, at path: String) throws(FilterError) -> Condition {
        guard case .object(let fields) = value, fields.count == 1, let (name, body) = fields.first else {
            throw FilterError(path, "expected an object with one clause in it, found \(value.noun)")
        }
        let path = "\(path).\(name)"
        switch name {
        case "match_all":
            _ = try object(body, at: path, keys: ["boost"])
            return .always
        case "match_none":
            _ = try object(body, at: path, keys: [])
            return .never
        case "bool": return try bool(body, at: path)
        case "term": return try term(body, at: path)
        case "terms": return try terms(body, at: path)
        case "exists": return try exists(body, at: path)
        case "wildcard": return try wildcard(body, at: path)
        case "regexp": return try regexp(body, at: path)
        case "prefix": return try prefix(body, at: path)
        case "range": return try range(body, at: path)
        case "match": return try match(body, at: path)
        case "ids": return try ids(body, at: path)
        case "nested": return try nested(body, at: path)
        default:
            throw FilterError(
                path, "the clause '\(name)' is not known; known are bool, exists, ids, match, match_all, match_none, nested, "
                    + "prefix, range, regexp, term, terms, wildcard")
        }
    }

    // MARK: Clauses of clauses

    private mutating func bool(_ body: JSONValue, at path: String) throws(FilterError) -> Condition {
        let fields = try object(
            body, at: path, keys: ["must", "should", "must_not", "filter", "minimum_should_match", "boost"])
        var all: [Condition] = []
        all += try clauses(fields["must"], at: "\(path).must")
        all += try clauses(fields["filter"], at: "\(path).filter")
        // An empty list asks for nothing: the index counts clauses, not keys.
        let hasOthers = !all.isEmpty
        all += try clauses(fields["must_not"], at: "\(path).must_not").map { .not($0) }
        let should = try clauses(fields["should"], at: "\(path).should")
        if !should.isEmpty {
            warnIfItSelectsAll(should, of: fields, at: "\(path).should")
            let least = try minimum(fields["minimum_should_match"], of: should.count, hasOthers: hasOthers, at: path)
            if least > 0 { all.append(.some(should, atLeast: least)) }
        }
        return all.count == 1 ? all[0] : .all(all)
    }

    private mutating func clauses(_ value: JSONValue?, at path: String) throws(FilterError) -> [Condition] {
        guard let value else { return [] }
        guard case .list(let items) = value else { return [try clause(value, at: path)] }
        var conditions: [Condition] = []
        for (index, item) in items.enumerated() { conditions.append(try clause(item, at: "\(path)[\(index)]")) }
        return conditions
    }

    /// How many of the optional clauses must match: a number, what may be missing as a negative one, or per cent.
    ///
    /// Where nothing else must match, one of them does, however little is asked for: the index has no query that is
    /// made of wishes alone.
    private func minimum(
        _ value: JSONValue?, of count: Int, hasOthers: Bool, at path: String
    ) throws(FilterError) -> Int {
        let lowest = hasOthers ? 0 : 1
        guard let value else { return lowest }
        let text = value.scalar ?? ""
        let isPart = text.hasSuffix("%")
        // More than there can be clauses is as good as any other such number.
        guard let given = Int(isPart ? String(text.dropLast()) : text) else {
            throw FilterError("\(path).minimum_should_match", "expected a number or per cent, found \(value.noun)")
        }
        let most = 1_000_000, number = min(max(given, -most), most)
        let counted = isPart ? count * abs(number) / 100 : abs(number)
        return min(count + 1, max(lowest, number < 0 ? count - counted : counted))
    }

    /// The editor's mistake: "not any in" becomes "not a, or not b", which every entity is.
    private mutating func warnIfItSelectsAll(_ should: [Condition], of clause: [String: JSONValue], at path: String) {
        var fields: Set<SearchField> = [], values: [String] = []
        for condition in should {
            guard case .not(.field(let field, let test)) = condition, case .equals(let text) = test.form else { return }
            fields.insert(field)
            values.append(text)
        }
        guard fields.count == 1, values.count > 1 else { return }
        warnings.append(
            "\(path) says \"not \(values.joined(separator: ", or not "))\", which is true of every entity that has only one of "
                + "them: the filter editor means none of them")
        var meant = clause
        meant["should"] = nil
        meant["minimum_should_match"] = nil
        meant["must"] = .list((clause["must"]?.items ?? []) + (clause["should"]?.items ?? []))
        corrections.append((.object(clause), .object(meant)))
    }

    private mutating func nested(_ body: JSONValue, at path: String) throws(FilterError) -> Condition {
        let fields = try object(body, at: path, keys: ["path", "query", "ignore_unmapped", "score_mode", "boost"])
        guard case .text(let place)? = fields["path"] else {
            throw FilterError("\(path).path", "expected a text, found \(fields["path"]?.noun ?? "nothing")")
        }
        guard let query = fields["query"] else { throw FilterError(path, "expected a query, found none") }
        let condition = try clause(query, at: "\(path).query")
        if place == "customPropertiesTyped" { return .property(condition) }
        guard ["owners", "domains", "dataProducts", "columns", "tags"].contains(place) else {
            throw FilterError("\(path).path", "expected customPropertiesTyped or owners, found '\(place)'")
        }
        // Of one object at a time: with one thing asked of it, that is what the field says anyway.
        guard condition.tests == 1 else {
            throw FilterError(
                "\(path).query", "several things asked of one and the same of the \(place) cannot be evaluated here: ask one "
                    + "thing in each nested clause")
        }
        return condition
    }

    // MARK: Clauses about a field

    private func term(_ body: JSONValue, at path: String) throws(FilterError) -> Condition {
        let (field, value, options) = try fieldClause(body, at: path, value: "value", options: ["case_insensitive", "boost"])
        guard let text = value.scalar else { throw FilterError(path, "expected a text or number, found \(value.noun)") }
        return .field(field.field, field.test(.equals(text), options))
    }

    private func terms(_ body: JSONValue, at path: String) throws(FilterError) -> Condition {
        guard case .object(var fields) = body else { throw FilterError(path, "expected an object, found \(body.noun)") }
        fields["boost"] = nil
        guard fields.count == 1, let (name, value) = fields.first else {
            throw FilterError(path, "expected one field, found \(body.noun)")
        }
        let field = try self.field(name, at: "\(path).\(name)")
        return .field(field.field, field.test(.oneOf(try value.texts(at: "\(path).\(name)")), [:]))
    }

    private func exists(_ body: JSONValue, at path: String) throws(FilterError) -> Condition {
        let fields = try object(body, at: path, keys: ["field", "boost"])
        guard case .text(let name)? = fields["field"] else {
            throw FilterError(path, "expected a field, found \(fields["field"]?.noun ?? "none")")
        }
        // Whether there are any owners at all is asked of the object that holds their fields, too.
        let whole = ["owners": "owners.name", "tags": "tags.tagFQN", "tier": "tier.tagFQN", "domains": "domains.name",
                     "dataProducts": "dataProducts.name", "columns": "columns.name", "certification": "certification.tagLabel.tagFQN"]
        return .exists(try field(whole[name] ?? name, at: "\(path).field").field)
    }

    private func wildcard(_ body: JSONValue, at path: String) throws(FilterError) -> Condition {
        let (field, value, options) = try fieldClause(
            body, at: path, value: "value", or: "wildcard", options: ["case_insensitive", "boost", "rewrite"])
        guard let text = value.scalar else { throw FilterError(path, "expected a text, found \(value.noun)") }
        let ignoresCase = field.ignoresCase(options)
        return .field(field.field, TextTest(
            .pattern(try Self.glob(ignoresCase ? text.lowercased() : text, at: path)), ignoresCase: ignoresCase))
    }

    /// `*` and `?` and backslashes mean the same in a glob, which knows more signs.
    private static func glob(_ text: String, at path: String) throws(FilterError) -> NamePattern {
        let escaped = text.isEmpty ? "*" : text.replacing("[", with: "\\[")
        do throws(NamePattern.Invalid) {
            return try NamePattern(escaped.hasPrefix("/") ? "\\" + escaped : escaped)
        } catch {
            throw FilterError(path, error.description)
        }
    }

    private func regexp(_ body: JSONValue, at path: String) throws(FilterError) -> Condition {
        let (field, value, options) = try fieldClause(
            body, at: path, value: "value",
            options: ["case_insensitive", "flags", "max_determinized_states", "rewrite", "boost"])
        guard case .text(let text) = value else { throw FilterError(path, "expected a text, found \(value.noun)") }
        let ignoresCase = field.ignoresCase(options)
        do throws(LuceneExpression.Invalid) {
            return .field(field.field, TextTest(
                .expression(try LuceneExpression(text, ignoresCase: ignoresCase)), ignoresCase: false))
        } catch {
            throw FilterError(path, error.what)
        }
    }

    private func prefix(_ body: JSONValue, at path: String) throws(FilterError) -> Condition {
        let (field, value, options) = try fieldClause(
            body, at: path, value: "value", options: ["case_insensitive", "boost", "rewrite"])
        guard let text = value.scalar else { throw FilterError(path, "expected a text, found \(value.noun)") }
        return .field(field.field, field.test(.prefix(text), options))
    }

    private func match(_ body: JSONValue, at path: String) throws(FilterError) -> Condition {
        let (field, value, options) = try fieldClause(
            body, at: path, value: "query", options: ["operator", "boost", "lenient", "zero_terms_query"])
        guard let text = value.scalar else { throw FilterError(path, "expected a text, found \(value.noun)") }
        let all = options["operator"]?.scalar?.lowercased() == "and"
        // A keyword is not cut into words.
        guard field.isText else { return .field(field.field, field.test(.equals(text), [:])) }
        let words = TextTest.words(of: text)
        return words.isEmpty ? .never : .field(field.field, TextTest(.words(words, all: all), ignoresCase: true))
    }

    private func ids(_ body: JSONValue, at path: String) throws(FilterError) -> Condition {
        let fields = try object(body, at: path, keys: ["values", "boost"])
        guard let values = fields["values"] else { throw FilterError(path, "expected values, found none") }
        return .field(.indexed(.id), TextTest(.oneOf(try values.texts(at: "\(path).values")), ignoresCase: false))
    }

    private func range(_ body: JSONValue, at path: String) throws(FilterError) -> Condition {
        guard case .object(let fields) = body, fields.count == 1, let (name, value) = fields.first else {
            throw FilterError(path, "expected one field, found \(body.noun)")
        }
        let path = "\(path).\(name)"
        let field = try field(name, at: path)
        let bounds = try object(value, at: path, keys: ["gt", "gte", "lt", "lte", "boost", "format"])
        func bound(_ key: String) throws(FilterError) -> Double? {
            guard let value = bounds[key] else { return nil }
            if let number = value.scalar.flatMap(Double.init) { return number }
            if let text = value.scalar, let date = Self.date(text) { return date.timeIntervalSince1970 * 1000 }
            throw FilterError("\(path).\(key)", "expected a number or a date such as 2026-11-22, found \(value.noun)")
        }
        for (one, other) in [("gt", "gte"), ("lt", "lte")] where bounds[one] != nil && bounds[other] != nil {
            throw FilterError(path, "expected \(one) or \(other), found both")
        }
        let (gt, gte, lt, lte) = (try bound("gt"), try bound("gte"), try bound("lt"), try bound("lte"))
        guard gt ?? gte ?? lt ?? lte != nil else { throw FilterError(path, "expected gt, gte, lt or lte, found none") }
        return .field(field.field, TextTest(
            .range(from: gte ?? gt, isFromIncluded: gte != nil, to: lte ?? lt, isToIncluded: lte != nil), ignoresCase: false))
    }

    private static func date(_ text: String) -> Date? {
        (try? Date.ISO8601FormatStyle().parse(text))
            ?? (try? Date.ISO8601FormatStyle().parse(text + "T00:00:00Z"))
    }

    // MARK: Parts

    /// `{field: value}` or `{field: {value: …, option: …}}`.
    private func fieldClause(
        _ body: JSONValue, at path: String, value key: String, or otherKey: String? = nil, options known: [String]
    ) throws(FilterError) -> (NamedField, JSONValue, [String: JSONValue]) {
        guard case .object(let fields) = body, fields.count == 1, let (name, value) = fields.first else {
            throw FilterError(path, "expected one field, found \(body.noun)")
        }
        let path = "\(path).\(name)"
        let field = try field(name, at: path)
        guard case .object = value else { return (field, value, [:]) }
        let options = try object(value, at: path, keys: [key] + (otherKey.map { [$0] } ?? []) + known)
        guard let found = options[key] ?? otherKey.flatMap({ options[$0] }) else {
            throw FilterError(path, "expected '\(key)', found \(value.noun)")
        }
        return (field, found, options)
    }

    private func field(_ name: String, at path: String) throws(FilterError) -> NamedField {
        if let field = NamedField(name) { return field }
        throw FilterError(path, "the field '\(name)' is not known; known are \(NamedField.known.joined(separator: ", "))")
    }

    private func object(_ value: JSONValue, at path: String, keys: [String]) throws(FilterError) -> [String: JSONValue] {
        guard case .object(let fields) = value else { throw FilterError(path, "expected an object, found \(value.noun)") }
        for key in fields.keys.sorted() where !keys.contains(key) {
            throw FilterError(
                path, "'\(key)' is not known; " + (keys.isEmpty ? "nothing stands here" : "known are \(keys.joined(separator: ", "))"))
        }
        return fields
    }
}

extension NamedField {
    func ignoresCase(_ options: [String: JSONValue]) -> Bool {
        ignoresCase || options["case_insensitive"] == .truth(true)
    }

    func test(_ form: TextTest.Form, _ options: [String: JSONValue]) -> TextTest {
        TextTest(form, ignoresCase: ignoresCase(options))
    }
}

extension Condition {
    /// How many things it asks.
    fileprivate var tests: Int {
        switch self {
        case .always, .never: 0
        case .all(let conditions), .some(let conditions, _): conditions.reduce(0) { $0 + $1.tests }
        case .not(let condition), .property(let condition): condition.tests
        case .field, .exists, .count: 1
        }
    }
}
