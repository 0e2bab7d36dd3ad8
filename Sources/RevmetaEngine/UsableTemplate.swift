internal import RevmetaModel

/// A template of a channel, compiled for the dialect of one service.
struct UsableTemplate: Sendable {
    /// Tells it from the others of a run.
    let number: Int
    /// Where it stands: `revmeta.yaml:12:5: channels[0].sqlTemplate`.
    let place: String
    /// Where what takes away stands; nil: nowhere, `set` does that.
    let clearPlace: String?
    let level: ChannelTemplate.Level
    let subject: ChannelTemplate.Subject
    let set: any CompiledTemplate
    /// Nil: `set`, with the value absent.
    let clear: (any CompiledTemplate)?

    /// Whether one rendering carries all the tags of an entity.
    var carriesAllTags: Bool {
        subject == .tags && !set.uses.contains(.tagKey) && !set.uses.contains(.tagValue)
    }

    /// Whether it is about facts of this sort, of such an entity.
    func isAbout(_ attribute: Attribute, of entity: Entity, kind: SourceKind) -> Bool {
        // What it would have been about nobody came to tell.
        if set is BrokenTemplate { return true }
        switch subject {
        case .description: guard attribute == .description else { return false }
        case .owner: guard attribute == .owner else { return false }
        case .tags: guard attribute.isTag else { return false }
        }
        return switch level {
        case .database: entity.kind == .database
        case .schema: entity.kind == .schema
        case .table: entity.kind == .table
        case .view: entity.kind == .table && kind.contains("view")
        // A nested field has no one name to put into a statement.
        case .column: entity.kind == .column && entity.path.names.count == 4
        case .procedure: entity.kind == .procedure
        }
    }

    /// Whether the entity has every variable that the template uses.
    func hasAllVariables(_ variables: EntityVariables) -> Bool {
        set.uses.allSatisfy { variable in
            switch variable {
            case .database, .schema, .table, .column, .procedure: true
            case .description: subject == .description || variables.description != nil
            case .owner: subject == .owner || variables.owner != nil
            case .tagKey, .tagValue: subject == .tags
            case .tags: subject == .tags || !variables.tags.isEmpty
            case .entity: variables.json != nil
            }
        }
    }

    /// Whether nothing is left for a later one of the same channel: it can write every fact that the other could.
    func hidesLater(_ other: UsableTemplate) -> Bool {
        let given = Self.names(at: level) + other.set.uses
        return !(set is BrokenTemplate) && level == other.level && subject == other.subject
            && set.uses.allSatisfy(given.contains)
    }

    /// The names that there are at a level, outermost first.
    static func names(at level: ChannelTemplate.Level?) -> [TemplateVariable] {
        switch level {
        case .database?: [.database]
        case .schema?: [.database, .schema]
        case .table?, .view?: [.database, .schema, .table]
        case .column?: [.database, .schema, .table, .column]
        case .procedure?: [.database, .schema, .procedure]
        case nil: [.database, .schema, .table, .column, .procedure]
        }
    }

    /// What else a template may use.
    static func values(of subject: ChannelTemplate.Subject?) -> [TemplateVariable] {
        switch subject {
        case .description?, .owner?: [.description, .owner, .tags, .entity]
        case .tags?, nil: [.description, .owner, .tagKey, .tagValue, .tags, .entity]
        }
    }
}

/// The templates of all channels for one service.
struct ServiceTemplates: Sendable {
    let dialect: Dialect
    /// By the channel's index; those for views before those for tables, else in the file's order.
    private(set) var templates: [Int: [UsableTemplate]] = [:]

    mutating func add(_ template: UsableTemplate, of channel: Int) {
        let known = templates[channel] ?? []
        let views = known.prefix { $0.level == .view }.count
        templates[channel, default: []].insert(template, at: template.level == .view ? views : known.count)
    }

    /// Whether a channel has a template for facts of a sort, of whatever entity.
    func hasTemplate(for subject: ChannelTemplate.Subject, of channel: Int) -> Bool {
        templates[channel]?.contains { $0.subject == subject } ?? false
    }

    /// What writes a fact; nil: the connector's own statement.
    func template(
        for fact: WantedFact, of entity: SelectedEntity, kind: SourceKind, memory: Memory
    ) -> UsableTemplate? {
        guard let candidates = templates[fact.channel], let variables = entity.variables[fact.channel] else { return nil }
        if fact.value == .absent {
            // Who wrote it takes it away; what it needs besides may be gone too.
            let maybeSent = memory.base == nil && fact.previous != nil
            guard memory.template != nil || memory.intent?.rendered != nil || maybeSent else { return nil }
            return candidates.first { $0.isAbout(fact.attribute, of: entity.entity, kind: kind) }
        }
        return candidates.first {
            $0.isAbout(fact.attribute, of: entity.entity, kind: kind) && $0.hasAllVariables(variables)
        }
    }
}
