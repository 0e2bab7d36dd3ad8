import RevmetaPlugin

/// What must hold for a tag to be set, replaced or taken away.
struct TagRules {
    let settings: SnowflakeSettings
    let tags: SourceTags
    let roles: SourceRoles
    let queryTag: String
    let call: Call

    /// Of different tags on one object, and over the columns of one table together.
    static let mostTags = 50
    static let mostCharacters = 256

    /// A tag that a change is about, whose policies matter if the change is a replacement.
    func name(of change: Change) throws(Failure) -> ExactName {
        guard let name = change.attribute.tagName, !name.isEmpty else {
            throw Failure(.unsupported, "Snowflake has no notion of '\(change.attribute)'")
        }
        guard let tag = TagPlace(settings).tag(name, on: change.path) else {
            throw Failure(.config, TagPlace.unknownPlace)
        }
        return tag
    }

    /// Throws if a tag cannot have a value. Gives whether it must be created first.
    func checkValue(_ value: String, of tag: ExactName) throws(Failure) -> Bool {
        guard value.unicodeScalars.count <= Self.mostCharacters else {
            throw Failure(
                .invalid, "the value of a tag has at most \(Self.mostCharacters) characters, found "
                    + "\(value.unicodeScalars.count)")
        }
        guard let known = try tags.tag(tag, queryTag, call) else {
            if settings.createsTags { return true }
            let similar = try tags.similar(to: tag, queryTag, call).map {
                "; there is \($0.shown), whose name is spelled otherwise"
            }
            throw Failure(
                .config, "there is no tag \(tag.shown) that role \(roles.role) can see\(similar ?? ""): "
                    + "CREATE TAG \(tag.shown), or set tagDatabase and tagSchema to where the tags are, or createTags: true")
        }
        if let allowed = known.allowedValues, !allowed.contains(where: { $0.isExactly(value) }) {
            let some = allowed.prefix(10).map { "'\($0)'" }.joined(separator: ", ")
            throw Failure(
                .invalid, "tag \(tag.shown) does not allow the value '\(value)', but \(some)\(allowed.count > 10 ? ", …" : ""): "
                    + "ALTER TAG \(tag.shown) ADD ALLOWED_VALUES \(literal(value)), or change the tag in the catalog")
        }
        return false
    }

    /// Throws if a change would change who sees data, and nobody has allowed that.
    ///
    /// - Parameter derived: What is in force on the object without a tag of its own: setting another value over it is a
    ///   replacement too.
    func checkPolicies(_ change: Change, of tag: ExactName, derived: String?) throws(Failure) {
        guard !settings.allowsPolicyTagChanges else { return }
        let inForce = change.before ?? derived
        guard let inForce, change.value?.isExactly(inForce) != true else { return }
        let action = change.value == nil ? "taking it away" : "replacing its value"
        switch try tags.policies(on: tag, queryTag, call) {
        case .none: return
        case .some(let policies):
            throw Failure(
                .denied, "tag \(tag.shown) carries the \(policies.joined(separator: " and the ")): \(action) changes who sees "
                    + "the data. Set allowPolicyTagChanges: true to allow it")
        case .hidden:
            throw Failure(
                .denied, "role \(roles.role) cannot see whether tag \(tag.shown) carries a policy, and \(action) may change "
                    + "who sees the data: GRANT APPLY MASKING POLICY ON ACCOUNT TO ROLE \(ExactName(roles.role).shown), "
                    + "and APPLY ROW ACCESS POLICY likewise, or set allowPolicyTagChanges: true")
        }
    }
}
