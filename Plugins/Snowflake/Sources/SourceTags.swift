import RevmetaODBC
import RevmetaPlugin

/// The tags that there are, with what may be set and what hangs on them; remembered for the life of the session.
final class SourceTags {
    /// One tag.
    struct Tag {
        var owner: String
        /// Nil: any value.
        var allowedValues: [String]?
    }

    /// What a tag does to data besides describing it.
    enum Policies {
        case none
        /// By name, with their kinds.
        case some([String])
        /// The role does not see all policies, so that none may mean hidden.
        case hidden
    }

    private let lanes: Lanes<SnowflakeSession>
    private let roles: SourceRoles
    private var schemas: [ExactName: [ExactName: Tag]] = [:]
    private var policies: [ExactName: Policies] = [:]

    init(_ lanes: Lanes<SnowflakeSession>, roles: SourceRoles) {
        self.lanes = lanes
        self.roles = roles
    }

    /// Forgets what may have changed since: what is about to be written is checked against the present.
    func forgetPolicies() { policies = [:] }

    /// A tag; nil: there is no such one, or the role may not see it.
    func tag(_ name: ExactName, _ queryTag: String, _ call: Call) throws(Failure) -> Tag? {
        try tags(in: ExactName(name.names.prefix(2)), queryTag, call)[name]
    }

    /// A tag that differs in case only, for an error: unquoted names are stored in upper case.
    func similar(to name: ExactName, _ queryTag: String, _ call: Call) throws(Failure) -> ExactName? {
        try tags(in: ExactName(name.names.prefix(2)), queryTag, call).keys.first {
            $0.names[2].lowercased() == name.names[2].lowercased()
        }
    }

    /// A tag was just created.
    func forget(_ name: ExactName) { schemas[ExactName(name.names.prefix(2))] = nil }

    private func tags(
        in schema: ExactName, _ queryTag: String, _ call: Call
    ) throws(Failure) -> [ExactName: Tag] {
        if let known = schemas[schema] { return known }
        var found: [ExactName: Tag] = [:]
        do throws(Failure) {
            let rows = try lanes.rows(
                "SHOW TAGS IN SCHEMA \(schema.quoted)", "listing the tags in \(schema.shown)", queryTag, call)
            for row in 0..<rows.count {
                guard let name = rows.text(row, "name") else { continue }
                found[ExactName(schema.names + [name])] = Tag(
                    owner: rows.text(row, "owner") ?? "",
                    allowedValues: rows.text(row, "allowed_values").flatMap(AllowedValues.parse))
            }
        } catch {
            guard error.status == .notFound else { throw error }
        }
        schemas[schema] = found
        return found
    }

    /// What hangs on a tag.
    func policies(on name: ExactName, _ queryTag: String, _ call: Call) throws(Failure) -> Policies {
        if let known = policies[name] { return known }
        let found = try look(name, queryTag, call)
        policies[name] = found
        return found
    }

    private func look(_ name: ExactName, _ queryTag: String, _ call: Call) throws(Failure) -> Policies {
        let query = "SELECT POLICY_NAME, POLICY_KIND FROM TABLE(\(ExactName(name.names[0]).quoted).INFORMATION_SCHEMA."
            + "POLICY_REFERENCES(REF_ENTITY_NAME => \(literal(name.quoted)), REF_ENTITY_DOMAIN => 'TAG'))"
        let rows: Rows
        do throws(Failure) {
            rows = try lanes.rows(query, "looking for policies on tag \(name.shown)", queryTag, call)
        } catch {
            guard error.status == .denied || error.status == .notFound else { throw error }
            return .hidden
        }
        let found = (0..<rows.count).map { row in
            let kind = (rows.text(row, "POLICY_KIND") ?? "policy").lowercased().split(separator: "_").joined(separator: " ")
            return "\(kind) \(rows.text(row, "POLICY_NAME") ?? "")"
        }
        if !found.isEmpty { return .some(found) }
        // No rows for who owns the tag are no policies; for others they may be hidden.
        if let owner = try tag(name, queryTag, call)?.owner,
            try roles.areInSession([owner], queryTag, call)[ExactName(owner)] == true
        {
            return .none
        }
        let seesMasking = try roles.have("APPLY MASKING POLICY", on: "ACCOUNT", queryTag, call)
        let seesRows = try roles.have("APPLY ROW ACCESS POLICY", on: "ACCOUNT", queryTag, call)
        return seesMasking && seesRows ? .none : .hidden
    }
}

/// The list of values that SHOW TAGS tells: `["low","high"]`.
enum AllowedValues {
    /// Nil: any value is allowed, or the list cannot be read and the source itself must decide.
    static func parse(_ text: String) -> [String]? {
        var rest = text.unicodeScalars[...], values: [String] = []
        func skip() { while let scalar = rest.first, " \n\r\t,".unicodeScalars.contains(scalar) { rest.removeFirst() } }
        guard rest.popFirst() == "[" else { return nil }
        while true {
            skip()
            guard let next = rest.popFirst() else { return nil }
            if next == "]" { return values }
            guard next == "\"", let value = string(&rest) else { return nil }
            values.append(value)
        }
    }

    private static func string(_ rest: inout Substring.UnicodeScalarView) -> String? {
        var value = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            if scalar == "\"" { return String(value) }
            guard scalar == "\\" else {
                value.append(scalar)
                continue
            }
            guard let escaped = rest.popFirst() else { return nil }
            switch escaped {
            case "n": value.append("\n")
            case "t": value.append("\t")
            case "r": value.append("\r")
            case "u":
                // A character beyond the sixteen bits is two of these; such a list is left to the source.
                let digits = String(String.UnicodeScalarView(rest.prefix(4)))
                guard let code = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(code) else { return nil }
                value.append(scalar)
                rest.removeFirst(4)
            default: value.append(escaped)
            }
        }
        return nil
    }
}
