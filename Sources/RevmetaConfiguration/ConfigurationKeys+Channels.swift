import RevmetaFilters
import RevmetaModel

/// A channel as far as it could be read; the checks between channels and services need parts of it only.
struct ReadChannel: Sendable {
    let name: Wording?
    let services: [PlacedPattern]
    var channel: Channel?
}

/// A filter as far as it could be read.
struct ReadFilter: Sendable {
    var services: [PlacedPattern] = []
    var filter: ChannelFilter? = ChannelFilter()
    var warnings: [String] = []
}

extension Policies.Conflict: JSONRepresentable {}
extension Policies.Removal: JSONRepresentable {}
extension Policies.TooLong: JSONRepresentable {}
extension Policies.Unrepresentable: JSONRepresentable {}

extension ConfigurationKeys {
    private static let defaults = Policies()

    private static let updateDescriptions = Key(
        "updateDescriptions", .boolean, default: false, "Write the catalog's descriptions.")
    private static let updateOwners = Key("updateOwners", .boolean, default: false, "Write the catalog's owners.")
    private static let updateTags = Key("updateTags", .boolean, default: false, "Write the catalog's tags.")

    static let channel: Reader<ReadChannel> = .mapping(
        Key(required: "name", .wording, "The channel's name, once in a file."),
        Key(
            optional: "filter", .either(text: savedFilter, otherwise: filter), otherwise: ReadFilter(),
            "Which entities the channel is about: names at each level, or a filter as Collate saves it, as a text of JSON "
                + "({\"query\": {…}}). Without it: all of them."),
        updateDescriptions, updateOwners, updateTags,
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
    ) { element, reading, fields in
        let (name, filter, descriptions, owners, tags, _, _, _, _) = fields.read
        if descriptions == false, owners == false, tags == false {
            let place = Place(position: element.origin, steps: element.place.steps)
            let switches = [updateDescriptions, updateOwners, updateTags].map(\.name).alternatives
            let subject = name?.shown.map { "channel \($0)" } ?? "the channel"
            reading.report(place, "\(subject) updates nothing: set \(switches) to true")
        }
        var read = ReadChannel(name: name, services: filter?.services ?? [])
        if let (name, filter, descriptions, owners, tags, onConflict, removals, onTooLong, onUnrepresentable) =
            fields.complete, let plain = filter.filter {
            read.channel = Channel(
                name: name.text, filter: plain, updateDescriptions: descriptions, updateOwners: owners,
                updateTags: tags,
                policies: Policies(
                    onConflict: onConflict, removals: removals, onTooLong: onTooLong,
                    onUnrepresentable: onUnrepresentable))
            read.channel?.filterWarnings = filter.warnings
        }
        return read
    }

    private static let services = patterns("services", "Services by their names in the catalog.")
    private static let databases = patterns("databases", "Databases by name.")
    private static let schemas = patterns("schemas", "Schemas by name.")
    private static let tables = patterns("tables", "Tables, views and stored procedures by name.")

    private static func patterns(_ name: String, _ what: String) -> Key<[PlacedPattern]> {
        Key(
            optional: name, .patterns, otherwise: [],
            "\(what) Names, globs (sales_*, tmp_?, [a-c]*) or regular expressions (/^tmp_/, /^tmp_/i); one of them may "
                + "stand without a list.")
    }

    private static let tags = patterns(
        "tags", "Tables with such a tag, on themselves or a column: PII.*. Tiers have a key of their own.")
    private static let owners = patterns("owners", "What such a user or team owns, by name or display name.")
    private static let domains = patterns("domains", "What lies in such a domain, by name or display name.")
    private static let tiers = patterns("tiers", "What is of such a tier: Tier.Tier1.")
    private static let properties = Key(
        optional: "properties", Reader<[Named<[PlacedPattern]>]>.names(to: .patterns), otherwise: [],
        "What has such custom properties: costCenter: CC-100.")

    private static let filter: Reader<ReadFilter> = .mapping(
        services, databases, schemas, tables, tags, owners, domains, tiers, properties,
        Key(
            optional: "kinds", .list(of: .choice(), called: "kinds"), otherwise: [EntityKind](),
            "The kinds of entity to write to. Without it: all."),
        Key(
            optional: "tableTypes", .list(of: .text, called: "table types"), otherwise: [],
            "OpenMetadata's table types (Regular, View, MaterializedView, Foreign), compared without case. "
                + "Without it: all. Narrows tables and their columns only."),
        Key(
            optional: "exclude", excluded, otherwise: ChannelFilter.Patterns(),
            "What to leave out of what the rest of the filter selects.")
    ) { _, _, fields in
        var read = ReadFilter(services: fields.read.0 ?? [], filter: nil)
        if let (
            services, databases, schemas, tables, tags, owners, domains, tiers, properties, kinds, tableTypes, excluded
        ) = fields.complete {
            read.filter = ChannelFilter(
                include: ChannelFilter.Patterns(services, databases, schemas, tables), exclude: excluded,
                kinds: Set(kinds), tableTypes: Set(tableTypes),
                condition: condition([
                    ([.indexed(.tag)], tags), ([.indexed(.ownerName), .indexed(.ownerDisplayName)], owners),
                    ([.indexed(.domainName), .indexed(.domainDisplayName)], domains), ([.indexed(.tier)], tiers),
                ] + properties.map { ([.property($0.name)], $0.value ?? []) }))
        }
        return read
    }

    /// One of the patterns for one of the fields, of each line that has any.
    private static func condition(_ lines: [([SearchField], [PlacedPattern])]) -> Condition {
        let conditions = lines.filter { !$0.1.isEmpty }.map { fields, patterns in
            Condition.some(
                fields.flatMap { field in
                    patterns.map { .field(field, TextTest(.pattern($0.pattern), ignoresCase: false)) }
                }, atLeast: 1)
        }
        return conditions.isEmpty ? .always : .all(conditions)
    }

    /// A filter as Collate saves it.
    private static let savedFilter = Reader<ReadFilter>(schema: .object([("type", .string("string"))])) { element, reading in
        guard case .text(let written) = element.content, let text = reading.expand(written, at: element.place) else { return nil }
        do throws(FilterError) {
            let saved = try SavedFilter(text)
            return ReadFilter(filter: ChannelFilter(condition: saved.condition), warnings: saved.warnings)
        } catch {
            reading.report(element.place, error.description)
            return nil
        }
    }

    private static let excluded: Reader<ChannelFilter.Patterns> = .mapping(
        services, databases, schemas, tables
    ) { _, _, fields in
        guard let (services, databases, schemas, tables) = fields.complete else { return nil }
        return ChannelFilter.Patterns(services, databases, schemas, tables)
    }
}

extension ChannelFilter.Patterns {
    fileprivate init(
        _ services: [PlacedPattern], _ databases: [PlacedPattern], _ schemas: [PlacedPattern], _ tables: [PlacedPattern]
    ) {
        self.init(
            services: services.map(\.pattern), databases: databases.map(\.pattern), schemas: schemas.map(\.pattern),
            tables: tables.map(\.pattern))
    }
}

// What only a look at several parts of the file can tell.
extension ConfigurationKeys {
    static func reportRepeatedNames(_ channels: [ReadChannel], _ reading: Reading) {
        var first: [String: ConfigurationProblem.Position] = [:]
        for name in channels.compactMap(\.name) {
            if let earlier = first[name.text] {
                reading.report(
                    name.place,
                    "another channel has this name, at line \(earlier.line), column \(earlier.column): "
                        + "choose a new one")
            } else {
                first[name.text] = name.place.position
            }
        }
    }

    /// A list of plain names that holds an unknown one is a slip; patterns may well match nothing yet.
    static func reportUnknownServices(_ channels: [ReadChannel], among known: [String], _ reading: Reading) {
        for channel in channels where channel.services.allSatisfy(\.isExactName) {
            for service in channel.services where !known.contains(service.pattern.text) {
                let advice = ": add it to services"
                let message = service.wording.shown.map { shown in
                    let suggestion = Suggestion.clause(for: service.wording.text, among: known, otherwise: advice)
                    return "no service is named \(shown)\(suggestion)"
                }
                reading.report(service.wording.place, message ?? "no service is named like this\(advice)")
            }
        }
    }
}
