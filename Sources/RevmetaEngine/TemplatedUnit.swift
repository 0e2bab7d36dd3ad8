internal import RevmetaModel

/// What one rendering of a template writes: a fact, or all the tags of an entity together.
struct TemplatedUnit: Sendable {
    let entity: SelectedEntity
    let kind: SourceKind
    let template: UsableTemplate
    var facts: [TemplatedFact]

    /// Whether it takes away all that it is about.
    var isRemoval: Bool { facts.allSatisfy { $0.value == nil } }

    /// The same, as it would have been before the catalog was edited; nil: it would not tell more than is known.
    var previous: TemplatedUnit? {
        guard facts.contains(where: { $0.previous != nil && $0.holdsOther }) else { return nil }
        var unit = self
        for index in unit.facts.indices { unit.facts[index].value = unit.facts[index].previous ?? unit.facts[index].value }
        return unit
    }

    /// Why nothing may be concluded about it; nil: something may.
    var unknownReason: String? {
        facts.lazy.compactMap { fact in
            switch fact.wanted.value {
            case .unknown(let reason), .refused(let reason): reason
            case .present, .absent: fact.problem
            }
        }.first
    }

    /// The change that the template is rendered for.
    ///
    /// - Parameter removes: Whether the template's own text for removals is rendered: it is told what is taken away.
    func rendering(with template: any CompiledTemplate, removes: Bool) -> TemplateRendering {
        let fact = facts[0]
        var values: [TemplateVariable: TemplateValue] = [:]
        for variable in template.uses { values[variable] = value(of: variable, removes: removes) }
        return TemplateRendering(change: fact.change(of: entity.entity, kind: kind), values: values)
    }

    private func value(of variable: TemplateVariable, removes: Bool) -> TemplateValue {
        let names = entity.entity.path.names, fact = facts[0], variables = entity.variables[fact.wanted.channel]
        func name(_ depth: Int) -> TemplateValue { .text(depth < names.count ? names[depth] : nil) }
        /// Of what the template writes: what is wanted, or for a removal what was.
        func own(_ subject: ChannelTemplate.Subject, otherwise: String?) -> TemplateValue {
            guard template.subject == subject else { return .text(otherwise) }
            return .text(fact.value ?? (removes ? fact.memory.base ?? fact.memory.intent?.value ?? fact.previous : nil))
        }
        switch variable {
        case .database: return name(0)
        case .schema: return name(1)
        case .table, .procedure: return name(2)
        case .column: return name(3)
        case .description: return own(.description, otherwise: variables?.description)
        case .owner: return own(.owner, otherwise: variables?.owner)
        case .tagKey: return .text(fact.wanted.attribute.tagName)
        case .tagValue: return own(.tags, otherwise: nil)
        case .tags:
            guard template.carriesAllTags else { return .pairs(variables?.tags ?? []) }
            return .pairs(facts.compactMap { fact in
                (fact.value ?? (fact.stays ? fact.before : nil)).map { TemplatePair(fact.wanted.attribute.tagName, $0) }
            })
        case .entity: return .text(variables?.json)
        }
    }
}

/// A fact that a template writes, and what is known of it.
struct TemplatedFact: Sendable {
    var wanted: WantedFact
    /// What is wanted, as far as the source can hold it; nil: nothing.
    var value: String?
    /// Why the value cannot be written.
    var problem: String?
    /// Whether that is since the source could not hold it, and not since it could not tell.
    var isRefusedBySource = false
    /// Whether nothing is wanted and what is there stays, as removals are ignored: a list of all tags still has it.
    var stays = false
    var actual: TemplateSituation.Actual
    var memory: Memory
    /// What the catalog held before, as far as the source can hold it, where the journal has no base; nil: nothing, or it is
    /// not known.
    var previous: String?

    /// Whether the source holds a value of which it is not clear at sight whether the catalog had it before.
    fileprivate var holdsOther: Bool {
        guard case .value(let actual?) = actual, let previous else { return false }
        return !actual.isExactly(previous)
    }

    /// What the source holds, or where it cannot tell, what we wrote last.
    var before: String? {
        if case .value(let actual) = actual { return actual }
        return memory.base
    }

    func change(of entity: Entity, kind: SourceKind) -> Change {
        Change(kind: kind, path: entity.path, attribute: wanted.attribute, before: before, value: value)
    }
}
