internal import RevmetaModel

/// Plans what templates write, for one piece of a plan.
struct TemplatePlanner {
    let templates: ServiceTemplates
    let channels: [Channel]
    private(set) var units: [TemplatedUnit] = []
    /// Nil: nobody asks.
    private let standing: Standing.Visitor?

    init(_ templates: ServiceTemplates, channels: [Channel], _ standing: Standing.Visitor? = nil) {
        self.templates = templates
        self.channels = channels
        self.standing = standing
    }

    /// Takes a fact, if a template writes it.
    mutating func take(
        _ wanted: WantedFact, of entity: SelectedEntity, kind: SourceKind?, actual: Fact.Value?, memory: Memory,
        abilities: Abilities
    ) -> Bool {
        guard let kind, let template = templates.template(for: wanted, of: entity, kind: kind, memory: memory) else {
            return false
        }
        let ability = abilities.ability(wanted.attribute, of: kind)
        var fact = TemplatedFact(wanted: wanted, actual: .unreadable, memory: memory)
        fact.stays = wanted.value == .absent && channels[wanted.channel].policies.removals == .ignore
        if ability.support == .full {
            switch actual {
            case .known(let value)?: fact.actual = .value(ability.normalised(value))
            case .unknown(let reason)?: fact.problem = reason
            case nil: fact.problem = "the source does not tell the \(wanted.attribute) of this \(kind)"
            }
            if case .value(let held)? = fact.memory.template?.held {
                fact.memory.template?.held = .value(ability.normalised(held))
            }
        }
        // What the source cannot hold in a value of its own, a template may well have a place for; but never U+0000.
        let limits = ability.support == .full
            ? ability : Ability(kind: kind, attribute: wanted.attribute, support: .unsupported)
        if case .present(let text) = wanted.value {
            switch ValueFitting.fit(text, to: limits, policies: channels[wanted.channel].policies) {
            case .fits(let value): fact.value = value
            case .refused(let reason): (fact.problem, fact.isRefusedBySource) = (reason, true)
            }
        }
        if wanted.isDifference, template.carriesAllTags {
            fact.problem = "the template writes all {tags}, and only those are known that came and went: use {tag_key} and {tag_value}"
        }
        if memory.base == nil, let text = limits.normalised(wanted.previous),
            case .fits(let value) = ValueFitting.fit(text, to: limits, policies: channels[wanted.channel].policies)
        {
            fact.previous = value
        }
        if template.carriesAllTags, let last = units.indices.last, units[last].template.number == template.number,
            units[last].entity.entity == entity.entity
        {
            units[last].facts.append(fact)
        } else {
            units.append(TemplatedUnit(entity: entity, kind: kind, template: template, facts: [fact]))
        }
        return true
    }

    /// Renders and decides, and adds the changes and statements to a piece.
    func plan(into piece: inout PlanPiece, report: inout RunReport) async {
        guard !units.isEmpty else { return }
        // What sets is rendered to decide; what takes away, only once that is decided.
        let certain = units.indices.filter { units[$0].unknownReason == nil }
        let rendered = await render(certain.filter { !units[$0].isRemoval }.map { ($0, units[$0]) }, removes: false)
        let before = await render(certain.compactMap { index in units[index].previous.map { (index, $0) } }, removes: false)
            .compactMapValues { try? $0.get() }
        let removals = certain.filter { units[$0].isRemoval && wouldClear(units[$0], before: before[$0] ?? []) }
        let removed = await render(removals.map { ($0, units[$0]) }, removes: true)
        let own = piece.statements
        piece.statements = []
        var owners: [Statement] = []
        for index in units.indices {
            let count = piece.statements.count
            add(units[index], rendered[index] ?? removed[index], before: before[index] ?? [], to: &piece, report: &report)
            if units[index].template.subject == .owner {
                owners += piece.statements[count...]
                piece.statements.removeSubrange(count...)
            }
        }
        // Another owner last, as the connector has it: who gives something away may no longer write on it.
        piece.statements += own + owners
        if piece.statements.count > own.count { piece.kept = nil }
    }

    private func wouldClear(_ unit: TemplatedUnit, before: [String]) -> Bool {
        unit.facts.contains { decision(about: $0, in: unit, parts: [], before: before).decision == .clear }
    }

    /// - Parameters:
    ///   - parts: What would be sent.
    ///   - before: What would have been sent for what the catalog held before.
    private func decision(
        about fact: TemplatedFact, in unit: TemplatedUnit, parts: [String], before: [String], rendered: String? = nil
    ) -> TemplateDecision {
        var situation = TemplateSituation(
            wanted: fact.value, rendered: rendered, actual: fact.actual, memory: fact.memory,
            policies: channels[fact.wanted.channel].policies,
            canClear: fact.wanted.attribute.canBeAbsent || unit.template.clear != nil)
        situation.previous = fact.previous
        // Only where it is not known whose the actual value is.
        if fact.memory.base == nil || fact.memory.intent != nil, case .value(let actual?) = fact.actual {
            situation.putsActual = parts.contains { $0.holdsLiteral(of: actual, templates.dialect) }
            situation.putsPrevious = before.contains { $0.holdsLiteral(of: actual, templates.dialect) }
        }
        return .decide(situation)
    }

    /// Renders units, those of a template together, by their indexes.
    private func render(
        _ units: [(index: Int, unit: TemplatedUnit)], removes: Bool
    ) async -> [Int: Result<[String], Failure>] {
        var results: [Int: Result<[String], Failure>] = [:]
        for (_, alike) in Dictionary(grouping: units, by: { $0.unit.template.number }).sorted(by: { $0.key < $1.key }) {
            let template = alike[0].unit.template
            let text = removes ? template.clear ?? template.set : template.set
            let tellsOld = removes && template.clear != nil
            do throws(Failure) {
                let all = try await text.render(alike.map { $0.unit.rendering(with: text, removes: tellsOld) })
                for (one, result) in zip(alike, all) { results[one.index] = result }
            } catch {
                for one in alike { results[one.index] = .failure(error) }
            }
        }
        return results
    }

    private func add(
        _ unit: TemplatedUnit, _ result: Result<[String], Failure>?, before: [String], to piece: inout PlanPiece,
        report: inout RunReport
    ) {
        if let reason = unit.unknownReason {
            let isRefused = unit.facts.contains(where: \.isRefused)
            for fact in unit.facts {
                guard fact.value != nil || fact.wanted.value != .absent else {
                    let key = FactKey(entity: unit.entity.entity, attribute: fact.wanted.attribute)
                    standing?(piece.service, key, .left(reason: reason))
                    continue
                }
                add(isRefused ? .fail : .skip, fact, of: unit, reason, to: &piece, report: &report)
            }
            return
        }
        let parts: [String]
        switch result {
        case .success(let statements)? where statements.isEmpty:
            for fact in unit.facts {
                add(.skip, fact, of: unit, "the template gives no statement for this change", to: &piece, report: &report)
            }
            return
        case .success(let statements)?: parts = statements
        case .failure(let failure)?:
            for fact in unit.facts { add(.fail, fact, of: unit, failure.sentence, to: &piece, report: &report) }
            return
        case nil: parts = []
        }
        let rendered = parts.isEmpty ? nil : TemplateWriting.hash(of: parts)
        let decisions = unit.facts.map { decision(about: $0, in: unit, parts: parts, before: before, rendered: rendered) }
        // One statement carries them all: what stays of one of them stays of all.
        let held = decisions.lazy.compactMap(\.decision.whatStays).first
        var written: [Int] = []
        for (fact, decided) in zip(unit.facts, decisions) {
            let key = FactKey(entity: unit.entity.entity, attribute: fact.wanted.attribute)
            let action: PlannedChange.Action
            switch decided.decision {
            case .unchanged:
                report.counts.unchanged += 1
                standing?(piece.service, key, .unchanged)
                if decided.adopts, case .value(let value) = fact.actual {
                    piece.held.append((key, value))
                } else if fact.memory.base != nil {
                    piece.found.append(key)
                }
                continue
            case .leave:
                standing?(piece.service, key, Standing(leaving: fact, channels[fact.wanted.channel].policies))
                continue
            case .forget:
                standing?(piece.service, key, Standing(leaving: fact, channels[fact.wanted.channel].policies))
                piece.bases.append((key, nil))
                // What an earlier run was to take away is gone.
                if let intent = fact.memory.intent, intent.value == nil, fact.actual == .value(nil) {
                    piece.settled.append((intent, wasApplied: true))
                }
                continue
            case .set: action = .set
            case .overwrite: action = .overwrite
            case .clear: action = .clear
            case .keep, .fail, .skip: action = .skip
            }
            if let held {
                add(held.action, fact, of: unit, held.reason, to: &piece, report: &report)
            } else {
                written.append(piece.changes.count)
                add(action, fact, of: unit, fact.wanted.note, rendered: rendered, to: &piece, report: &report)
            }
        }
        guard !written.isEmpty else { return }
        piece.statements.append(Statement(text: templates.dialect.script(parts), changes: ChangeIndexes(written), parts: parts))
    }

    private func add(
        _ action: PlannedChange.Action, _ fact: TemplatedFact, of unit: TemplatedUnit, _ reason: String?,
        rendered: String? = nil, to piece: inout PlanPiece, report: inout RunReport
    ) {
        report.counts.count(action)
        piece.changes.append(PlannedChange(
            channel: channels[fact.wanted.channel].name, action: action, entityKind: unit.entity.entity.kind,
            change: fact.change(of: unit.entity.entity, kind: unit.kind), reason: reason, rendered: rendered))
    }
}

extension Standing {
    /// Nothing is wanted, and nothing is taken away.
    fileprivate init(leaving fact: TemplatedFact, _ policies: Policies) {
        switch fact.actual {
        case .value(nil): self = .unchanged
        case _ where policies.removals == .ignore: self = .removalsIgnored
        case .value: self = .notOurs
        case .unreadable: self = .left(reason: "revmeta does not know of having written it, and cannot read it")
        }
    }
}

extension TemplatedFact {
    /// Whether somebody must act for it to be written.
    fileprivate var isRefused: Bool {
        if case .refused = wanted.value { return true }
        return isRefusedBySource
    }
}

extension Decision {
    /// What keeps a fact from being written, if it is to be told.
    fileprivate var whatStays: (action: PlannedChange.Action, reason: String)? {
        switch self {
        case .keep(let reason): (.keep, reason)
        case .fail(let reason): (.fail, reason)
        case .skip(let reason): (.skip, reason)
        default: nil
        }
    }
}

extension Failure {
    /// What is told of a rendering that failed.
    fileprivate var sentence: String {
        line > 0 ? "the template, line \(line), column \(column): \(message)" : message
    }
}
