internal import RevmetaModel

/// JsonLogic as Collate's filter editor writes it: rules about an entity as the catalog's API answers it.
///
/// Unlike the search index, it tells upper from lower case.
struct JSONLogicFilter {
    private(set) var warnings: [String] = []

    /// Reads a rule: an object whose only key is the operator.
    mutating func condition(_ value: JSONValue, at path: String) throws(FilterError) -> Condition {
        try rule(value, at: path, within: nil)
    }

    /// - Parameter list: The list whose elements the rule is about one at a time; nil: the entity.
    private mutating func rule(_ value: JSONValue, at path: String, within list: String?) throws(FilterError) -> Condition {
        if case .truth(let truth) = value { return truth ? .always : .never }
        guard case .object(let fields) = value, fields.count == 1, let (name, body) = fields.first else {
            throw FilterError(path, "expected a rule, an object with one operator, found \(value.noun)")
        }
        let path = path.isEmpty ? name : "\(path).\(name)"
        let arguments = if case .list(let items) = body { items } else { [body] }
        switch name {
        case "and":
            var all: [Condition] = []
            for (index, item) in arguments.enumerated() { all.append(try rule(item, at: "\(path)[\(index)]", within: list)) }
            return .all(all)
        case "or":
            var some: [Condition] = []
            for (index, item) in arguments.enumerated() { some.append(try rule(item, at: "\(path)[\(index)]", within: list)) }
            return .some(some, atLeast: 1)
        case "!":
            try expect(1, arguments, at: path)
            // Of a variable: whether it is empty.
            if let variable = variable(arguments[0]) { return .not(try .exists(field(variable, at: path, within: list).field)) }
            return .not(try rule(arguments[0], at: "\(path)[0]", within: list))
        case "!!":
            try expect(1, arguments, at: path)
            if let variable = variable(arguments[0]) { return .exists(try field(variable, at: path, within: list).field) }
            return try rule(arguments[0], at: "\(path)[0]", within: list)
        case "==", "===": return try comparison(arguments, at: path, within: list)
        case "!=", "!==": return .not(try comparison(arguments, at: path, within: list))
        case "<", "<=", ">", ">=": return try order(name, arguments, at: path, within: list)
        case "in": return try membership(arguments, at: path, within: list)
        case "some", "none":
            let some = try elements(arguments, at: path, within: list)
            return name == "some" ? some : .not(some)
        case "contains", "array_contains":
            try expect(2, arguments, at: path)
            guard let variable = variable(arguments[0]) else {
                throw FilterError("\(path)[0]", "expected {\"var\": …}, found \(arguments[0].noun)")
            }
            return .field(
                try field(variable, at: path, within: list).field,
                TextTest(.oneOf(try arguments[1].listed.texts(at: "\(path)[1]")), ignoresCase: false))
        case "multipleUsersOrSingleTeamOwnership":
            try expect(1, arguments, at: path)
            guard list == nil, variable(arguments[0]) == "owners" else {
                throw FilterError("\(path)[0]", "expected {\"var\": \"owners\"}, found \(arguments[0].noun)")
            }
            return Self.usersOrOneTeam
        case "length", "filterReferenceByType", "filterTagsBySource":
            throw FilterError(path, "expected it to be compared with a number: {\">=\": [{\"length\": …}, 1]}")
        case "isOwner", "isReviewer", "isChanged", "if", "all":
            throw FilterError(path, "the operator '\(name)' cannot be evaluated here: it asks for more than what an entity is")
        default:
            throw FilterError(
                path, "the operator '\(name)' is not known; known are !, !!, !=, <, <=, ==, >, >=, and, contains, in, length, "
                    + "multipleUsersOrSingleTeamOwnership, none, or, some")
        }
    }

    private func comparison(_ arguments: [JSONValue], at path: String, within list: String?) throws(FilterError) -> Condition {
        try expect(2, arguments, at: path)
        if let count = try counted("==", arguments, at: path, within: list) { return count }
        let isFirst = variable(arguments[0]) != nil
        let other = arguments[isFirst ? 1 : 0]
        guard let variable = variable(arguments[isFirst ? 0 : 1]) else {
            throw FilterError(path, "expected {\"var\": …} and a value, found \(arguments[0].noun) and \(arguments[1].noun)")
        }
        let field = try field(variable, at: path, within: list)
        if case .null = other { return .not(.exists(field.field)) }
        guard let text = other.scalar else { throw FilterError(path, "expected a text or number, found \(other.noun)") }
        return .field(field.field, TextTest(.equals(text), ignoresCase: false))
    }

    private func order(
        _ name: String, _ arguments: [JSONValue], at path: String, within list: String?
    ) throws(FilterError) -> Condition {
        try expect(2, arguments, at: path)
        if let count = try counted(name, arguments, at: path, within: list) { return count }
        guard let variable = variable(arguments[0]), let number = arguments[1].scalar.flatMap(Double.init) else {
            throw FilterError(path, "expected {\"var\": …} and a number, found \(arguments[0].noun) and \(arguments[1].noun)")
        }
        let isLower = name.hasPrefix("<"), isIncluded = name.hasSuffix("=")
        return .field(try field(variable, at: path, within: list).field, TextTest(
            .range(
                from: isLower ? nil : number, isFromIncluded: isIncluded, to: isLower ? number : nil,
                isToIncluded: isIncluded), ignoresCase: false))
    }

    /// How many elements a list has: `{">": [{"length": {"var": "domains"}}, 1]}`; nil: it is no such question.
    private func counted(
        _ name: String, _ arguments: [JSONValue], at path: String, within list: String?
    ) throws(FilterError) -> Condition? {
        guard case .object(let fields) = arguments[0], fields.count == 1, let body = fields["length"] else { return nil }
        let path = "\(path)[0].length"
        guard let number = arguments[1].scalar.flatMap(Double.init), abs(number) < 1e9, list == nil else {
            throw FilterError(path, "expected the length of a list, compared with a number; found \(arguments[1].noun)")
        }
        let (field, test) = try elementsToCount(body, at: path)
        let least = Int(number.rounded(.up)), most = Int(number.rounded(.down))
        return switch name {
        case "<": .count(field, test, from: 0, to: least - 1)
        case "<=": .count(field, test, from: 0, to: most)
        case ">": .count(field, test, from: most + 1, to: .max)
        case ">=": .count(field, test, from: least, to: .max)
        default: .count(field, test, from: least, to: most)
        }
    }

    /// A list, or those of its elements that are of a type or from a source.
    private func elementsToCount(_ body: JSONValue, at path: String) throws(FilterError) -> (SearchField, TextTest?) {
        let body = if case .list(let items) = body, items.count == 1 { items[0] } else { body }
        if let name = variable(body), let element = Self.lists[name] {
            return (try field("\(name).\(element)", at: path, within: nil).field, nil)
        }
        if case .object(let fields) = body, fields.count == 1, let (filter, arguments) = fields.first,
            case .list(let items) = arguments, items.count == 2, let name = variable(items[0]), let wanted = items[1].scalar {
            switch (filter, name) {
            case ("filterReferenceByType", "owners"):
                return (.indexed(.ownerType), TextTest(.equals(wanted), ignoresCase: false))
            case ("filterTagsBySource", "tags"):
                return (.indexed(.tagSource), TextTest(.equals(wanted), ignoresCase: false))
            default: break
            }
        }
        throw FilterError(
            path, "expected {\"var\": …} of a list, filterReferenceByType of owners or filterTagsBySource of tags, found \(body.noun)")
    }

    /// Any number of users, or one team and nobody else.
    private static let usersOrOneTeam: Condition = {
        let isTeam = TextTest(.equals("team"), ignoresCase: false)
        let owners = SearchField.indexed(.ownerType)
        return .some(
            [
                .count(owners, isTeam, from: 0, to: 0),
                .all([.count(owners, isTeam, from: 1, to: 1), .count(owners, nil, from: 1, to: 1)]),
            ], atLeast: 1)
    }()

    /// A value in a list of values, or a text in a text.
    private mutating func membership(
        _ arguments: [JSONValue], at path: String, within list: String?
    ) throws(FilterError) -> Condition {
        try expect(2, arguments, at: path)
        if let haystack = variable(arguments[1]) {
            guard let needle = arguments[0].scalar else {
                throw FilterError("\(path)[0]", "expected a text, found \(arguments[0].noun)")
            }
            let field = try field(haystack, at: path, within: list)
            if Self.lists[haystack] != nil || list != nil {
                return .field(field.field, TextTest(.equals(needle), ignoresCase: false))
            }
            return .field(field.field, TextTest(.contains(needle), ignoresCase: false))
        }
        guard let needle = variable(arguments[0]) else {
            throw FilterError(path, "expected {\"var\": …}, found \(arguments[0].noun) and \(arguments[1].noun)")
        }
        let field = try field(needle, at: path, within: list).field
        if case .text(let text) = arguments[1] {
            if text.hasPrefix("*") || text.hasSuffix("*") {
                warnings.append(
                    "\(path) asks whether '\(text)' holds the \(needle), stars and all, where the filter editor means the "
                        + "reverse: turn the two around and leave the stars out")
            }
            return .field(field, TextTest(.isWithin(text), ignoresCase: false))
        }
        return .field(field, TextTest(.oneOf(try arguments[1].listed.texts(at: "\(path)[1]")), ignoresCase: false))
    }

    /// Whether one element of a list is as a rule says.
    private mutating func elements(_ arguments: [JSONValue], at path: String, within list: String?) throws(FilterError) -> Condition {
        try expect(2, arguments, at: path)
        guard list == nil, let name = variable(arguments[0]), Self.lists[name] != nil else {
            let known = Self.lists.keys.sorted().joined(separator: ", ")
            throw FilterError("\(path)[0]", "expected {\"var\": …} of a list, which are \(known); found \(arguments[0].noun)")
        }
        let condition = try rule(arguments[1], at: "\(path)[1]", within: name)
        // An element that is one thing or another is an element that is one, or one that is the other; not so with both.
        guard condition.asksOneThing else {
            throw FilterError("\(path)[1]", "several things asked of one and the same of the \(name) cannot be evaluated here")
        }
        return condition
    }

    /// Lists, and the field of their elements that stands for an element.
    private static let lists = [
        "owners": "fullyQualifiedName", "domains": "fullyQualifiedName", "dataProducts": "fullyQualifiedName",
        "tags": "tagFQN", "tier": "tagFQN", "columns": "name",
    ]

    private func variable(_ value: JSONValue) -> String? {
        guard case .object(let fields) = value, fields.count == 1, let name = fields["var"] else { return nil }
        // A second argument is what holds where there is no such value, which is nothing.
        if case .list(let items) = name, let first = items.first { return first.scalar }
        return name.scalar
    }

    private func field(_ name: String, at path: String, within list: String?) throws(FilterError) -> NamedField {
        var full = list.map { name.isEmpty ? $0 : "\($0).\(name)" } ?? name
        if let element = Self.lists[full] { full += "." + element }
        if let field = NamedField(full) { return field }
        throw FilterError(path, "the variable '\(full)' is not known; known are \(NamedField.known.joined(separator: ", "))")
    }

    private func expect(_ count: Int, _ arguments: [JSONValue], at path: String) throws(FilterError) {
        guard arguments.count != count else { return }
        throw FilterError(path, "expected \(count == 1 ? "one argument" : "\(count) arguments"), found \(arguments.count)")
    }
}

extension Condition {
    /// Whether asking it of any element is the same as asking it of one and the same.
    fileprivate var asksOneThing: Bool {
        switch self {
        case .always, .field, .exists: true
        case .some(let conditions, let atLeast): atLeast == 1 && conditions.allSatisfy(\.asksOneThing)
        case .all(let conditions): conditions.count == 1 && conditions[0].asksOneThing
        case .never, .not, .property, .count: false
        }
    }
}
