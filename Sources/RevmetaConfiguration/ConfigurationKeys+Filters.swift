import RevmetaFilters
import RevmetaModel

/// A filter as far as it could be read.
struct ReadFilter: Sendable {
    var services: [PlacedPattern] = []
    var filter: ChannelFilter? = ChannelFilter()
    var warnings: [String] = []
}

/// Names at each level, as a filter or one of its clauses has them.
private struct LevelPatterns: Sendable {
    var services: [PlacedPattern]
    var databases: [PlacedPattern]
    var schemas: [PlacedPattern]
    var tables: [PlacedPattern]
    /// What a broken line beside them does not hide: a filter is whole only if all of them are.
    var isWhole: Bool

    var patterns: ChannelFilter.Patterns {
        ChannelFilter.Patterns(
            services: services.map(\.pattern), databases: databases.map(\.pattern), schemas: schemas.map(\.pattern),
            tables: tables.map(\.pattern))
    }

    /// The same as conditions.
    var conditions: [Condition] {
        let levels: [(SearchField.Indexed, [PlacedPattern])] = [
            (.pathService, services), (.pathDatabase, databases), (.pathSchema, schemas), (.pathTable, tables),
        ]
        return levels.compactMap { field, patterns in Condition.oneOf([.indexed(field)], patterns.map(\.pattern)) }
    }
}

extension Condition {
    /// One of the patterns matches one of the fields; nil: there is no pattern, and anything goes.
    fileprivate static func oneOf(_ fields: [SearchField], _ patterns: [NamePattern]) -> Condition? {
        let tests = fields.flatMap { field in
            patterns.map { Condition.field(field, TextTest(.pattern($0), ignoresCase: false)) }
        }
        return tests.isEmpty ? nil : tests.count == 1 ? tests[0] : .some(tests, atLeast: 1)
    }
}

// Filters as people write them in YAML: each key in the singular and the plural, any, all and not nested at will.
extension ConfigurationKeys {
    private static let levels: Key<LevelPatterns> = .group(
        patterns("services", "Services by their names in the catalog.").or("service"),
        patterns("databases", "Databases by name.").or("database"), patterns("schemas", "Schemas by name.").or("schema"),
        patterns("tables", "Tables, views and stored procedures by name.").or("table")
    ) { _, _, fields in
        let (services, databases, schemas, tables) = fields.read
        return LevelPatterns(
            services: services ?? [], databases: databases ?? [], schemas: schemas ?? [], tables: tables ?? [],
            isWhole: fields.complete != nil)
    }

    private static func patterns(_ name: String, _ what: String) -> Key<[PlacedPattern]> {
        Key(
            optional: name, .patterns, otherwise: [],
            "\(what) Names, globs (sales_*, tmp_?, [a-c]*) or regular expressions (/^tmp_/, /^tmp_/i); one of them may "
                + "stand without a list.")
    }

    /// What else is asked of an entity, one condition for each key.
    private static let traits: Key<[Condition]> = .group(
        patterns("tags", "Tables with such a tag, on themselves or a column: PII.*. Tiers have a key of their own.").or("tag"),
        patterns("owners", "What such a user or team owns, by name or display name.").or("owner"),
        patterns("domains", "What lies in such a domain, by name, display name or qualified name.").or("domain"),
        patterns("tiers", "What is of such a tier: Tier1, or Tier.Tier1.").or("tier"),
        Key(
            optional: "properties", Reader<[Named<[PlacedPattern]>]>.names(to: .patterns), otherwise: [],
            "What has such custom properties, all of them: costCenter: CC-100.").or("property"),
        Key(
            optional: "any", .list(ofAtLeastOne: nestedClause, called: "clause"), otherwise: [],
            "At least one of these clauses holds. A clause has the keys of a filter, but for kinds and exclude."),
        Key(
            optional: "all", .list(ofAtLeastOne: nestedClause, called: "clause"), otherwise: [], "All of these clauses hold."),
        Key(
            optional: "not", nestedClause.map(Optional.some), otherwise: nil,
            "This clause, with all that it says, does not hold.")
    ) { _, _, fields in
        guard let (tags, owners, domains, tiers, properties, any, all, not) = fields.complete else { return nil }
        let lines: [([SearchField], [PlacedPattern])] =
            [
                ([.indexed(.tag)], tags), ([.indexed(.ownerName), .indexed(.ownerDisplayName)], owners),
                ([.indexed(.domainName), .indexed(.domainDisplayName), .indexed(.domainFullyQualifiedName)], domains),
            ] + properties.map { ([.property($0.name)], $0.value ?? []) }
        return lines.compactMap { Condition.oneOf($0, $1.map(\.pattern)) }
            + [Condition.oneOf([.indexed(.tier)], tiers.flatMap(Self.tierPatterns))].compactMap { $0 }
            + (any.isEmpty ? [] : [.some(any, atLeast: 1)]) + all + (not.map { [.not($0)] } ?? [])
    }

    /// A tier's own name stands for its qualified name too.
    private static func tierPatterns(_ tier: PlacedPattern) -> [NamePattern] {
        let text = tier.pattern.text
        guard !text.hasPrefix("/"), !text.hasPrefix("Tier."), let whole = try? NamePattern("Tier." + text) else {
            return [tier.pattern]
        }
        return [tier.pattern, whole]
    }

    private static let tableTypes = Key(
        optional: "tableTypes", Reader<[String]>.list(of: .text, called: "table types"), otherwise: [],
        "OpenMetadata's table types (Regular, View, MaterializedView, Foreign), compared without case. "
            + "Without it: all. Narrows tables and their columns only.").or("tableType")

    private static let filter: Reader<ReadFilter> = .mapping(
        levels, traits,
        Key(
            optional: "kinds", .list(of: .choice(), called: "kinds"), otherwise: [EntityKind](),
            "The kinds of entity to write to. Without it: all.").or("kind"),
        tableTypes,
        Key(
            optional: "exclude", excluded, otherwise: ChannelFilter.Patterns(),
            "What to leave out of what the rest of the filter selects.")
    ) { _, _, fields in
        var read = ReadFilter(services: fields.read.0?.services ?? [], filter: nil)
        if let (levels, traits, kinds, tableTypes, excluded) = fields.complete, levels.isWhole {
            read.filter = ChannelFilter(
                include: levels.patterns, exclude: excluded, kinds: Set(kinds), tableTypes: Set(tableTypes),
                condition: traits.isEmpty ? .always : .all(traits))
        }
        return read
    }

    private static let excluded: Reader<ChannelFilter.Patterns> = .mapping(levels) { _, _, fields in
        let levels: LevelPatterns? = fields.read
        return levels?.isWhole == true ? levels?.patterns : nil
    }

    // MARK: Clauses

    /// The name of the clause's schema, which refers to itself.
    static var clauseDefinition: (key: String, value: JSON) { ("filterClause", clause.schema) }

    private static let nestedClause = Reader<Condition>(
        schema: .object([("$ref", .string("#/$defs/filterClause"))])
    ) { element, reading in clause.read(element, reading) }

    private static let clause: Reader<Condition> = .mapping(levels, traits, tableTypes) { element, reading, fields in
        if case .mapping(let entries) = element.content, entries.isEmpty {
            let place = Place(position: element.origin, steps: element.place.steps)
            reading.report(place, "expected a clause that asks for something, found an empty one")
        }
        guard let (levels, traits, tableTypes) = fields.complete, levels.isWhole else { return nil }
        let types = tableTypes.isEmpty
            ? [] : [Condition.field(.indexed(.tableType), TextTest(.oneOf(tableTypes), ignoresCase: true))]
        let conditions = levels.conditions + traits + types
        return conditions.count == 1 ? conditions[0] : .all(conditions)
    }

    /// Names at each level, or a filter as Collate saves it.
    static let anyFilter = Reader<ReadFilter>(schema: filterInEitherForm.schema) { element, reading in
        if case .mapping(let entries) = element.content, let entry = entries.first(where: { isSavedFiltersKey($0.key) }) {
            reading.report(
                Place(position: entry.keyPosition, steps: element.place.steps),
                "'\(entry.key)' begins a filter as Collate saves it, which is a text here: put all of it into single quotes, as in "
                    + "filter: '{\"\(entry.key)\": …}'")
            return nil
        }
        return filterInEitherForm.read(element, reading)
    }

    private static let filterInEitherForm = Reader.either(text: savedFilter, otherwise: filter)

    /// Whether it is Elasticsearch's key or an operator of JsonLogic. In JSON both look like a mapping, for such is JSON in YAML.
    private static func isSavedFiltersKey(_ key: String) -> Bool {
        ["query", "and", "or", "some", "none", "in", "!", "!!", "==", "===", "!=", "!=="].contains(key)
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
}
