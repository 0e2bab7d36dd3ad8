internal import AsyncAlgorithms
internal import RevmetaModel

/// Plans what one session reaches, piece by piece.
struct ScopePlanner: Sendable {
    let scope: PlanScope
    let channels: [Channel]
    /// Nil: none of the channels has any for this service.
    let templates: ServiceTemplates?
    /// Whether the source is not asked about what the catalog says as it was written last.
    let passesOverWritten: Bool
    let pool: SessionPool
    let journal: any PlanJournal
    let retrying: Retrying
    let log: EngineLog
    let progress: @Sendable (Progress) -> Void
    /// Nil: nobody asks.
    let standing: Standing.Visitor?

    /// Plans the pieces of a queue. Throws if the journal fails; what goes wrong at the source is told in the report.
    func plan(_ queue: AsyncChannel<[SelectedEntity]>) async throws -> RunReport {
        var report = RunReport()
        // While a piece is decided and the journal keeps the one before, the source is already asked for the next one.
        let readings = AsyncChannel<SourceReading>(), failed = StopRequest()
        async let reading: Void = read(queue, into: readings, until: failed)
        var keeping: Task<Void, any Error>?
        do {
            for await reading in readings {
                // A source that failed is not asked again, but the queue is emptied: the catalog is still read to its end.
                guard report.failures.isEmpty else { continue }
                report.counts.unchanged += reading.unchanged
                guard !reading.entities.isEmpty else { continue }
                do {
                    let piece = try await planned(reading, report: &report)
                    try await keeping?.value
                    log.omissions(of: piece)
                    if !piece.isEmpty {
                        let journal = journal
                        keeping = Task { try await journal.append(piece) }
                    }
                } catch let failure as Failure {
                    failed.request()
                    report.fail(scope, failure)
                    log.failed(scope, failure)
                }
            }
        } catch {
            readings.finish()
            throw error
        }
        // Who reads ahead must never wait for a decision that will not come.
        readings.finish()
        await reading
        do {
            try await keeping?.value
        } catch let failure as Failure {
            report.fail(scope, failure)
            log.failed(scope, failure)
        }
        return report
    }

    /// Plans a piece, and again if the source failed for the time being: nothing of it is kept before it is whole.
    private func planned(_ reading: SourceReading, report: inout RunReport) async throws -> PlanPiece {
        var attempt = 1, first = reading.answer
        while true {
            var attempted = report
            do {
                let piece: PlanPiece
                if let open = try await lease(report: &attempted) {
                    do {
                        let answer: SourceReading.Answer
                        if let begun = first, (try? begun.result.get()) != nil || begun.session == open.number {
                            first = nil
                            answer = try begun.result.get()
                        } else {
                            answer = try await read(reading.entities, over: open)
                        }
                        piece = try await plan(answer, open: open, report: &attempted)
                        await pool.release(scope)
                    } catch {
                        await pool.release(scope)
                        throw error
                    }
                    attempted.usedServices.insert(scope.service)
                } else {
                    piece = missing(reading.entities, report: &attempted)
                }
                report = attempted
                return piece
            } catch let failure as Failure {
                // A lease that failed was tried often enough.
                guard await pool.isOpen(scope), await retrying.pause(after: attempt, failure, at: scope) else { throw failure }
                await pool.drop(scope)
                attempt += 1
            }
        }
    }

    /// Reads what is needed to decide about each piece of a queue, two or three pieces ahead of who decides.
    ///
    /// While the source answers about one, it is given the next: so it has always something to do.
    private func read(
        _ queue: AsyncChannel<[SelectedEntity]>, into readings: AsyncChannel<SourceReading>, until failed: StopRequest
    ) async {
        var handing: Task<Void, Never>?
        for await entities in queue {
            let asking = Task { await reading(of: entities, until: failed) }
            await handing?.ownedValue
            handing = Task { await readings.send(await asking.ownedValue) }
        }
        await handing?.ownedValue
        readings.finish()
    }

    private func reading(of entities: [SelectedEntity], until failed: StopRequest) async -> SourceReading {
        var reading = SourceReading(entities: entities)
        if passesOverWritten { await passOverWritten(&reading) }
        // A lease that fails is told to who decides, who asks for one too.
        guard !failed.isRequested, !reading.entities.isEmpty, let open = try? await pool.lease(scope) else { return reading }
        do {
            reading.answer = (.success(try await read(reading.entities, over: open)), open.number)
        } catch {
            reading.answer = (.failure(error), open.number)
        }
        await pool.release(scope, open)
        return reading
    }

    /// A journal that fails is told to who decides, who asks it too.
    private func passOverWritten(_ reading: inout SourceReading) async {
        guard let memories = try? await journal.memories(of: scope.service, paths: reading.entities.map(\.entity.path))
        else { return }
        let written = WrittenEntities(memories)
        reading.entities.removeAll { entity in
            guard written.contains(entity) else { return false }
            reading.unchanged += entity.wanted.count
            return true
        }
    }

    private func read(_ entities: [SelectedEntity], over open: SessionPool.Open) async throws -> SourceReading.Answer {
        let memories = try await journal.memories(of: scope.service, paths: entities.map(\.entity.path))
        let entities = tagsToRemove(entities, memories: memories)
        var report = RunReport()
        let attributes = asked(entities, abilities: open.abilities, report: &report)
        let facts = try await open.session.read(entities.map(\.entity), attributes: attributes)
        return SourceReading.Answer(
            entities: entities, memories: memories, notices: report.notices,
            known: KnownFacts(facts, entities: entities.count, attributes: attributes))
    }

    private func plan(
        _ reading: SourceReading.Answer, open: SessionPool.Open, report: inout RunReport
    ) async throws -> PlanPiece {
        for text in reading.notices { notice(text, in: &report) }
        var piece = PlanPiece(service: scope.service, database: scope.database)
        piece.changes.reserveCapacity(reading.entities.count)
        var templated = templates.map { TemplatePlanner($0, channels: channels, standing) }
        var compared = 0
        for index in reading.entities.indices {
            compared += reading.entities[index].wanted.count
            decide(at: index, of: reading, abilities: open.abilities, &templated, into: &piece, report: &report)
        }
        progress(.compared(facts: compared))
        try await piece.addStatements(over: open.session, report: &report)
        await templated?.plan(into: &piece, report: &report)
        return piece
    }

    /// Decides about the facts of one entity.
    private func decide(
        at index: Int, of reading: SourceReading.Answer, abilities: Abilities, _ templated: inout TemplatePlanner?,
        into piece: inout PlanPiece, report: inout RunReport
    ) {
        // Field by field: to copy all of it counts each of its texts up and down again.
        let entity = reading.entities[index].entity, kind = reading.known.kind(of: index)
        for place in reading.entities[index].wanted.indices {
            let fact = reading.entities[index].wanted[place]
            let actual = reading.known.value(of: index, fact.attribute)
            let memory = reading.memory(of: entity, fact.attribute)
            if fact.isDifference, let kind, let ambiguity = Ambiguity(fact, memory, channels[fact.channel]) {
                settle(ambiguity, fact, of: entity, kind: kind, into: &piece, report: &report)
                continue
            }
            if templated?.take(
                fact, of: reading.entities[index], kind: kind, actual: actual, memory: memory, abilities: abilities) == true
            {
                continue
            }
            decide(
                fact, of: entity, kind: kind, actual: actual, memory: memory, abilities: abilities, into: &piece,
                report: &report)
        }
    }

    /// The scope's session; nil: the source has no such database. That is no failure of its own, but one more thing that is
    /// gone; unless none of a service's databases is there, which looks like another server.
    private func lease(report: inout RunReport) async throws(Failure) -> SessionPool.Open? {
        do {
            return try await pool.lease(scope)
        } catch {
            guard scope.database != nil, error.status == .notFound else { throw error }
            report.missingDatabases[scope] = error
            return nil
        }
    }

    private func missing(_ entities: [SelectedEntity], report: inout RunReport) -> PlanPiece {
        var piece = PlanPiece(service: scope.service, database: scope.database)
        for entity in entities {
            for fact in entity.wanted {
                decide(
                    fact, of: entity.entity, kind: nil, actual: nil, memory: Memory(), abilities: Abilities([]),
                    into: &piece, report: &report)
            }
        }
        return piece
    }

    /// Adds tags that we wrote once and the catalog no longer has: they are wanted absent.
    private func tagsToRemove(_ entities: [SelectedEntity], memories: [FactKey: Memory]) -> [SelectedEntity] {
        guard entities.indices.contains(where: { entities[$0].tagChannel != nil }) else { return entities }
        var ours: [Entity: [Attribute]] = [:]
        for key in memories.keys where key.attribute.isTag { ours[key.entity, default: []].append(key.attribute) }
        guard !ours.isEmpty else { return entities }
        return entities.map { entity in
            guard let channel = entity.tagChannel, let tags = ours[entity.entity] else { return entity }
            var entity = entity
            for tag in tags.sorted(by: { $0.rawValue < $1.rawValue })
            where !entity.wanted.contains(where: { $0.attribute == tag }) && !entity.foreignTags.contains(tag) {
                entity.wanted.append(WantedFact(attribute: tag, value: .absent, channel: channel))
            }
            return entity
        }
    }

    /// The attributes worth asking for; what the source has no notion of is told once.
    private func asked(
        _ entities: [SelectedEntity], abilities: Abilities, report: inout RunReport
    ) -> [Attribute] {
        let tagChannels = entities.lazy.compactMap(\.tagChannel)
            .filter { templates?.hasTemplate(for: .tags, of: $0) != true }
        if !abilities.supportsSomewhere(.anyTag), let channel = tagChannels.first {
            notice(
                "service '\(scope.service)' has no tags, which channel '\(channels[channel].name)' asks for"
                    + (abilities.tagNote.map { ": \($0)" } ?? ""), in: &report)
        }
        var seen: Set<Attribute> = [], attributes: [Attribute] = []
        for index in entities.indices {
            for place in entities[index].wanted.indices {
                let attribute = entities[index].wanted[place].attribute
                guard seen.insert(attribute).inserted else { continue }
                if abilities.supportsSomewhere(attribute) { attributes.append(attribute) }
            }
        }
        // What only templates can write cannot be read, but whether its entity is there; and who asks about each fact wants
        // to know.
        if attributes.isEmpty, templates != nil || standing != nil { attributes = [.description] }
        return attributes
    }

    private func notice(_ text: String, in report: inout RunReport) {
        if !report.notices.contains(text) { report.notices.append(text) }
    }

    private func decide(
        _ fact: WantedFact, of entity: Entity, kind: SourceKind?, actual: Fact.Value?, memory: Memory,
        abilities: Abilities, into piece: inout PlanPiece, report: inout RunReport
    ) {
        func add(_ action: PlannedChange.Action, before: String?, value: String?, reason: String? = nil) {
            report.counts.count(action)
            piece.changes.append(PlannedChange(
                channel: channels[fact.channel].name, action: action, entityKind: entity.kind,
                change: Change(
                    kind: kind ?? entity.kind.rawValue, path: entity.path, attribute: fact.attribute, before: before,
                    value: value),
                reason: reason))
        }
        func stand(_ standing: Standing) {
            self.standing?(scope.service, FactKey(entity: entity, attribute: fact.attribute), standing)
        }
        func isUnsupported(_ what: String, _ note: String?) {
            stand(.left(reason: "service '\(scope.service)' \(what)" + (note.map { ": \($0)" } ?? "")))
        }
        let wantedText = fact.value.text

        if fact.attribute.isTag, !abilities.supportsSomewhere(.anyTag) {
            guard kind != nil else { return stand(.left(reason: "the source has no such \(entity.kind.rawValue)")) }
            return isUnsupported("has no tags", abilities.tagNote)
        }
        if case .unknown(let reason) = fact.value {
            return add(.skip, before: nil, value: nil, reason: reason)
        }
        guard let kind else {
            // What is gone does not hold what an earlier run may have written.
            if let intent = memory.intent { piece.settled.append((intent, wasApplied: false)) }
            guard wantedText != nil else { return stand(.unchanged) }
            return add(.skip, before: nil, value: wantedText, reason: "the source has no such \(entity.kind.rawValue)")
        }
        let ability = abilities.ability(fact.attribute, of: kind)
        guard ability.support == .full else {
            if wantedText != nil {
                notice(
                    "service '\(scope.service)' cannot hold the \(fact.attribute.isTag ? "tags" : fact.attribute.rawValue) "
                        + "of a \(kind)" + (ability.note.map { ": \($0)" } ?? ""), in: &report)
            }
            return isUnsupported("cannot hold the \(fact.attribute) of a \(kind)", ability.note)
        }
        if case .refused(let reason) = fact.value {
            return add(.fail, before: nil, value: nil, reason: reason)
        }
        let value: String?
        switch actual {
        case .known(let known)?: value = known
        case .unknown(let reason)?:
            guard wantedText != nil else { return stand(.left(reason: reason)) }
            return add(.skip, before: nil, value: wantedText, reason: reason)
        case nil:
            // The entity is there, but the source says nothing of this attribute of it: that is unknown, not empty.
            let reason = "the source does not tell the \(fact.attribute) of this \(kind)"
            guard wantedText != nil else { return stand(.left(reason: reason)) }
            return add(.skip, before: nil, value: wantedText, reason: reason)
        }

        let base = settle(memory, actual: value, key: FactKey(entity: entity, attribute: fact.attribute), into: &piece)
        let situation = Situation(
            wanted: fact.value, actual: value, base: base, previous: memory.base == nil ? fact.previous : nil,
            ability: ability, policies: channels[fact.channel].policies)
        switch Decision.decide(situation) {
        case .unchanged(let refreshed):
            report.counts.unchanged += 1
            stand(.unchanged)
            let key = FactKey(entity: entity, attribute: fact.attribute)
            // What a template wrote is by now what the connector would write.
            let refreshed = refreshed ?? (memory.template == nil ? nil : value)
            if let refreshed { piece.bases.append((key, refreshed)) } else if base != nil { piece.found.append(key) }
        case .set(let text):
            add(.set, before: value, value: text, reason: fact.note)
        case .overwrite(let text):
            add(.overwrite, before: value, value: text, reason: fact.note)
        case .clear:
            add(.clear, before: value, value: nil)
        case .keep(let reason):
            add(.keep, before: value, value: wantedText, reason: reason)
        case .fail(let reason):
            add(.fail, before: value, value: wantedText, reason: reason)
        case .skip(let reason):
            add(.skip, before: value, value: wantedText, reason: reason)
        case .leave:
            stand(Standing(leaving: situation))
        case .forget:
            stand(Standing(leaving: situation))
            piece.bases.append((FactKey(entity: entity, attribute: fact.attribute), nil))
        }
    }

    private func settle(
        _ ambiguity: Ambiguity, _ fact: WantedFact, of entity: Entity, kind: SourceKind, into piece: inout PlanPiece,
        report: inout RunReport
    ) {
        guard let action = ambiguity.action else {
            standing?(scope.service, FactKey(entity: entity, attribute: fact.attribute), .unchanged)
            return
        }
        report.counts.count(action)
        piece.changes.append(PlannedChange(
            channel: channels[fact.channel].name, action: action, entityKind: entity.kind,
            change: Change(
                kind: kind, path: entity.path, attribute: fact.attribute, before: nil, value: fact.value.text),
            reason: ambiguity.reason))
    }

    /// What we wrote last: an earlier run's open intent, if the source shows its value, else what the journal knows.
    ///
    /// An intent whose value is not there stays open: its writer may still be waiting for a lock at the source. It ends when
    /// a run that holds the source's write lock has written the fact.
    private func settle(
        _ memory: Memory, actual: String?, key: @autoclosure () -> FactKey, into piece: inout PlanPiece
    ) -> String? {
        guard let intent = memory.intent, intent.isMet(by: actual) else { return memory.heldBase }
        piece.settle(intent, of: key())
        return intent.isOurs ? intent.value : nil
    }
}
