internal import RevmetaCatalog
public import RevmetaEngine
public import RevmetaModel

/// What a pipeline's operations come to: the entities that a run is about, and the channels by which it decides.
///
/// All operations about one fact are one edit: what was there before the first of them, and what is there after the last.
public struct OperationsPlan: Sendable {
    let pipeline: ReverseIngestionPipeline
    /// The service's name in the catalog.
    public let service: String
    private let base: Configuration
    private let channel: Channel
    private(set) var edits: [MergedEdit] = []
    /// Where in `edits` what is.
    private var places: [Place: Int] = [:]
    /// Of operations that nothing can be made of: why.
    private(set) var refused: [Int: String] = [:]

    /// - Parameter channel: Whose policies and settings apply. Its filter does not: who made the operations has selected.
    public init(
        _ pipeline: ReverseIngestionPipeline, _ configuration: Configuration, by channel: Channel
    ) throws(OperationsError) {
        let links = pipeline.operations.map { operation in Result { () throws(EntityLink.Invalid) in try EntityLink(operation.entityLink) } }
        let linked = links.lazy.compactMap { try? $0.get().names.first }.first
        guard let service = pipeline.service.name ?? linked else {
            throw OperationsError(description: "service.name: expected the service's name, found neither it nor an entity link")
        }
        guard configuration.services.contains(where: { $0.name == channel.sinkService ?? service }) else {
            throw OperationsError(
                description: "the operations are for service '\(service)', which services: in the configuration does not define")
        }
        self.pipeline = pipeline
        self.service = service
        base = configuration
        self.channel = channel
        for (index, operation) in pipeline.operations.enumerated() {
            do throws(Refusal) {
                let link: EntityLink
                switch links[index] {
                case .success(let read): link = read
                case .failure(let invalid): throw Refusal(invalid.description)
                }
                try add(operation, index, try LinkedEntity(link, of: service, operation.edit.subject).entity)
            } catch {
                refused[index] = error.reason
            }
        }
    }

    private mutating func add(
        _ operation: ReverseIngestionPipeline.Operation, _ index: Int, _ entity: Entity
    ) throws(Refusal) {
        let subject = operation.edit.subject
        guard channel.updates(subject) else {
            throw Refusal("channel '\(channel.name)' does not write it: \(subject.toggle) is not true")
        }
        let place = Place(entity: entity, subject: subject)
        if let known = places[place] {
            try edits[known].add(operation, index)
        } else {
            edits.append(try MergedEdit(operation, index, entity))
            places[place] = edits.count - 1
        }
    }

    private struct Place: Hashable {
        var entity: Entity
        var subject: ChannelTemplate.Subject
    }

    // MARK: What the run is about

    /// The configuration of the run: one channel for each template and sort of edit.
    public var configuration: Configuration {
        var configuration = base
        configuration.services = base.services.filter { $0.name == target }
        let alike = Dictionary(grouping: edits, by: Kind.init)
        configuration.channels = kinds.map { kind in
            var channel = channel
            channel.filter = ChannelFilter()
            channel.filter.entities = Set(alike[kind]!.map(\.entity))
            channel.filterWarnings = []
            channel.updateDescriptions = kind.subject == .description
            channel.updateOwners = kind.subject == .owner
            channel.updateTags = kind.subject == .tags
            // Of these an operation does not tell.
            channel.tags.sources.subtract([.certification, .domain, .property])
            if let template = kind.template {
                let place = "operations[\(alike[kind]![0].operations.last!)].SQLTemplate"
                channel.templates = [ChannelTemplate(set: .init(template, place: place), engine: engine)]
            }
            return channel
        }
        return configuration
    }

    public var entities: [CatalogEntity] {
        var entities: [CatalogEntity] = [], places: [Entity: Int] = [:]
        for edit in edits {
            let place = places[edit.entity] ?? entities.count
            if place == entities.count {
                places[edit.entity] = place
                entities.append(CatalogEntity(
                    service: service, kind: edit.entity.kind, path: edit.entity.path, owners: .notAsked, tags: .notAsked))
            }
            edit.apply(to: &entities[place])
        }
        return entities
    }

    /// Where the facts go.
    var target: String { channel.sinkService ?? service }

    /// How many operations nothing can be made of.
    public var refusedCount: Int { refused.count }

    private struct Kind: Hashable {
        var subject: ChannelTemplate.Subject
        var template: String?

        init(_ edit: MergedEdit) {
            subject = edit.subject
            template = edit.template
        }
    }

    private var kinds: [Kind] {
        var seen: Set<Kind> = []
        return edits.map(Kind.init).filter { seen.insert($0).inserted }
    }

    /// That of the channel's own templates, if they agree on one.
    private var engine: String {
        let engines = Set(channel.templates.map(\.engine))
        return engines.count == 1 ? engines.first! : ChannelTemplate.defaultEngine
    }

    /// Leaves out the operations whose templates are at fault.
    ///
    /// - Parameter problems: By the index of the channel.
    public mutating func refuse(_ problems: [Int: TemplateProblems]) {
        let kinds = kinds
        for (index, problem) in problems {
            for edit in edits where Kind(edit) == kinds[index] {
                for operation in edit.operations { refused[operation] = problem.description }
            }
            edits.removeAll { Kind($0) == kinds[index] }
        }
    }
}

/// Why nothing can be made of an operation.
struct Refusal: Error {
    var reason: String

    init(_ reason: String) { self.reason = reason }
}

extension Channel {
    fileprivate func updates(_ subject: ChannelTemplate.Subject) -> Bool {
        switch subject {
        case .description: updateDescriptions
        case .owner: updateOwners
        case .tags: updateTags
        }
    }
}

extension ChannelTemplate.Subject {
    fileprivate var toggle: String {
        switch self {
        case .description: "updateDescriptions"
        case .owner: "updateOwners"
        case .tags: "updateTags"
        }
    }
}
