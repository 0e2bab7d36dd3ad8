public import RevmetaModel

/// What a channel's templates would send for one entity.
public struct TemplatePreview: Sendable, Equatable {
    /// One statement, or several that run as one.
    public struct Rendering: Sendable, Equatable {
        /// Where the template stands; nil: the connector's own statement writes it.
        public var place: String?
        /// What it writes.
        public var attributes: [Attribute]
        /// Whether it takes the values away.
        public var clears: Bool
        public var statements: [String]
        /// Why there are none.
        public var problem: String?
    }

    public var service: String
    public var renderings: [Rendering]
    /// What ends a statement.
    public var statementEnd: String
}

extension Engine {
    /// Renders what a channel wants of an entity, as if nothing of it were at the source, and what would take it away. Reads
    /// and writes nothing.
    ///
    /// - Returns: One for each service that the channel writes to; empty: the channel does not select the entity.
    public func preview(_ entity: CatalogEntity) async throws -> [TemplatePreview] {
        var selection = Selection(configuration), previews: [TemplatePreview] = []
        for selected in try selection.select(entity) {
            guard let service = configuration.services.first(where: { $0.name == selected.service }) else { continue }
            let connector = try await provider.connector(for: service)
            let set = try await TemplateSet(configuration, connectors: [service.name: connector], compiler: compiler)
            let templates = set.services[service.name] ?? ServiceTemplates(dialect: connector.dialect)
            var preview = TemplatePreview(
                service: service.name, renderings: [], statementEnd: connector.dialect.statementEnd)
            for clears in [false, true] {
                preview.renderings += await renderings(
                    of: selected, kind: Self.kind(of: entity), templates, clears: clears)
            }
            previews.append(preview)
        }
        return previews
    }

    private func renderings(
        of selected: SelectedEntity, kind: SourceKind, _ templates: ServiceTemplates, clears: Bool
    ) async -> [TemplatePreview.Rendering] {
        var planner = TemplatePlanner(templates, channels: configuration.channels)
        var renderings: [TemplatePreview.Rendering] = []
        for fact in selected.wanted {
            guard case .present(let value) = fact.value else { continue }
            var fact = fact, memory = Memory()
            if clears {
                fact.value = .absent
                memory = Memory(base: value, template: TemplateWriting(rendered: ""))
            }
            let isTaken = planner.take(
                fact, of: selected, kind: kind, actual: nil, memory: memory, abilities: Abilities([]))
            if !isTaken, !clears {
                renderings.append(TemplatePreview.Rendering(attributes: [fact.attribute], clears: false, statements: []))
            }
        }
        var piece = PlanPiece(service: selected.service, database: nil), report = RunReport()
        await planner.plan(into: &piece, report: &report)
        for statement in piece.statements {
            let changes = statement.changes.map { piece.changes[$0] }
            let unit = planner.units.first { unit in
                unit.facts.contains { $0.wanted.attribute == changes[0].change.attribute }
            }
            renderings.append(TemplatePreview.Rendering(
                place: (clears ? unit?.template.clearPlace : nil) ?? unit?.template.place,
                attributes: changes.map(\.change.attribute), clears: clears,
                statements: statement.parts))
        }
        for change in piece.changes where !change.action.isWritten {
            renderings.append(TemplatePreview.Rendering(
                place: "", attributes: [change.change.attribute], clears: clears, statements: [], problem: change.reason))
        }
        return renderings
    }

    /// The kind that a source most likely has for it.
    private static func kind(of entity: CatalogEntity) -> SourceKind {
        let isView = entity.kind == .table && entity.tableType?.lowercased().contains("view") == true
        return isView ? "view" : entity.kind.rawValue
    }
}
