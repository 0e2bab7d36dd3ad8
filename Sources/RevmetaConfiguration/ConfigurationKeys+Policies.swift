import RevmetaModel

extension Policies.Conflict: JSONRepresentable {}
extension Policies.Removal: JSONRepresentable {}
extension Policies.TooLong: JSONRepresentable {}
extension Policies.Unrepresentable: JSONRepresentable {}
extension OwnerPolicies.Attribute: JSONRepresentable {}
extension OwnerPolicies.Unmapped: JSONRepresentable {}
extension TagPolicies.Ambiguous: JSONRepresentable {}

// What a channel does where values do not simply agree, and how it makes them.
extension ConfigurationKeys {
    private static let defaults = Policies()

    static let policies: Key<Policies> = .group(
        Key(
            "onConflict", .choice(), default: defaults.onConflict,
            "When somebody else changed the value at the source: overwrite it (the catalog is the truth), keep it, "
                + "or fail this change."),
        Key(
            "removals", .choice(), default: defaults.removals,
            "When a value that was written is gone from the catalog: apply clears it at the source, ignore leaves it."),
        Key(
            "onTooLong", .choice(), default: defaults.onTooLong,
            "When a value is longer than the source can hold: fail the change, or truncate the value."),
        Key(
            "onUnrepresentable", .choice(), default: defaults.onUnrepresentable,
            "When a value holds characters that the source would mangle: fail the change, or replace them.")
    ) { _, _, fields in
        guard let (onConflict, removals, onTooLong, onUnrepresentable) = fields.complete else { return nil }
        return Policies(
            onConflict: onConflict, removals: removals, onTooLong: onTooLong, onUnrepresentable: onUnrepresentable)
    }

    static let ownerPolicies: Key<OwnerPolicies> = .group(
        Key(
            "ownerAttribute", .choice(), default: OwnerPolicies.Attribute.name,
            "What of an owner is looked up in owners.map: the name, or the e-mail address that the catalog's users have."),
        Key(
            "expandTeams", .boolean, default: false,
            "A team that owners.map does not know stands for its members, of whom the first that it knows is taken."),
        Key(
            "onUnmappedOwner", .choice(), default: OwnerPolicies.Unmapped.skip,
            "When owners.map knows none of an entity's owners: skip the owner with a note, or fail this change.")
    ) { _, _, fields in
        guard let (attribute, expandsTeams, onUnmapped) = fields.complete else { return nil }
        return OwnerPolicies(attribute: attribute, expandsTeams: expandsTeams, onUnmapped: onUnmapped)
    }

    static let tagPolicies: Key<TagPolicies> = .group(
        Key(
            optional: "tagSources", .list(of: .choice(), called: "sources of tags"), otherwise: [TagSource.classification],
            "What is written as tags: tags of classifications, glossary terms, the tier, the certification, domains, custom "
                + "properties. Without it: classification."),
        Key(
            "onAmbiguousTag", .choice(), default: TagPolicies.Ambiguous.fail,
            "When the catalog has several values for one tag: fail this change, join the values, or take the first."),
        Key(
            "tagJoiner", Reader(schema: .object([("type", .string("string"))])) { element, reading in
                guard case .text(let written) = element.content else {
                    reading.report(element.place, "expected a text, found \(element.shown)")
                    return nil
                }
                return reading.expand(written, at: element.place)
            }, default: ",", "What stands between joined values, which are sorted."),
        Key(
            optional: "tagMap", .list(ofAtLeastOne: tagRule, called: "rule"), otherwise: [],
            "What tags are called at the source. Of the rules in this list, the first that is about a tag decides; a tag "
                + "without one stays as it is.")
    ) { _, reading, fields in
        guard let (sources, onAmbiguous, joiner, rules) = fields.complete else { return nil }
        return TagPolicies(sources: Set(sources), onAmbiguous: onAmbiguous, joiner: joiner, rules: rules)
    }

    private static let tagRule: Reader<TagRule> = .mapping(
        Key(
            required: "tag", .pattern,
            "Tags by KEY.VALUE, which in the catalog is CLASSIFICATION.TAG: a name, a glob (PII.*) or a /regular expression/."),
        Key(
            optional: "serviceTypes", .list(of: .text, called: "service types"), otherwise: [],
            "At services of these types only (Snowflake), compared without case. Without it: at all."),
        Key(
            optional: "key", Reader<Wording>.wording.map(Optional.some), otherwise: nil,
            "The key at the source; $1 is what the pattern's first wildcard or group matched. Without it: the tag's own."),
        Key(
            optional: "value", Reader<Wording>.wording.map(Optional.some), otherwise: nil,
            "The value at the source, in the same way. Without it: the tag's own."),
        Key("drop", .boolean, default: false, "Such tags are not written.")
    ) { element, reading, fields in
        guard let (pattern, serviceTypes, key, value, drop) = fields.complete else { return nil }
        func template(_ wording: Wording?) -> CaptureTemplate? {
            guard let wording else { return nil }
            do throws(NamePattern.Invalid) {
                return try CaptureTemplate(wording.text, of: pattern.pattern)
            } catch {
                reading.report(wording.place, wording.shown == nil ? "its $1 has nothing to stand for" : error.description)
                return nil
            }
        }
        guard drop != (key != nil || value != nil) else {
            let place = Place(position: element.origin, steps: element.place.steps)
            reading.report(place, drop ? "a tag that is dropped has no key or value: remove them" : "expected key, value or drop: true")
            return nil
        }
        return TagRule(
            pattern.pattern, serviceTypes: Set(serviceTypes),
            drop ? .drop : .rename(key: template(key), value: template(value)))
    }
}
