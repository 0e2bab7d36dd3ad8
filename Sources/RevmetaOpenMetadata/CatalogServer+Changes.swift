#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

public import RevmetaCatalog
internal import RevmetaJSON
public import RevmetaModel

/// An entity that something happened to.
public struct ChangedEntity: Sendable, Equatable {
    let content: CatalogContent
    let id: String
    /// What was changed of it, as its events tell.
    let changes: [CatalogFieldChange]
}

extension ChangedEntity {
    /// Nil: nothing is ever written of such a thing.
    public init?(_ pending: PendingEntity) {
        guard let content = CatalogContent(entityType: pending.entityType) else { return nil }
        self.init(content: content, id: pending.entityID, changes: pending.changes)
    }
}

extension CatalogContent {
    /// What holds the entities of a type, such as `databaseSchema`, if something of them is written back.
    init?(entityType: String) {
        guard let content = Self.allCases.first(where: { $0.kind != nil && $0.resource == entityType }) else { return nil }
        self = content
    }
}

extension CatalogServer {
    /// For how long the server can be asked what happened: seven days unless its keeper says otherwise, and a day less to be
    /// safe.
    public static let eventRetention = Duration.seconds(6 * 86_400)
    /// How long before the time up to which events were asked for they are asked for again: some may have been on their way.
    public static let eventOverlap = Duration.seconds(60)
    /// More changes than this are better read with everything else.
    static let mostChanges = 5000

    /// The time by the server's clock, if it tells the time: milliseconds since 1970.
    public func currentTime() async throws(CatalogServerError) -> Int64 {
        _ = try await requester.get("/v1/system/version", asked: "the version", resource: "system") { ShortText() }
        return lastTime
    }

    /// The same by the last answer.
    var lastTime: Int64 { Int64((requester.serverTime ?? Date()).timeIntervalSince1970 * 1000) }

    /// What has happened since a time after which something is to be read again, in the server's order.
    ///
    /// - Parameter time: By the server's clock, in milliseconds since 1970.
    /// - Throws: An error that ``CatalogServerError/isTooLong`` if it is more than one answer can hold.
    public func events(since time: Int64) async throws(CatalogServerError) -> [CatalogEvent] {
        let types = ListRequest.encoded(CatalogContent.allCases.filter { $0.kind != nil }.map(\.resource).joined(separator: ","))
        let path = "/v1/events"
        let target = "\(path)?entityCreated=\(types)&entityUpdated=\(types)&entityRestored=\(types)&timestamp=\(time)"
        let text = try await requester.get(target, asked: "change events", resource: "all") { ListText(.events) }
        var events: [CatalogEvent] = []
        do throws(Fault) {
            try text.decodeAll(ChangeEventAnswer.self) { answer, _ in
                if let event = answer.event(now: time) { events.append(event) }
            }
        } catch {
            throw CatalogServerError(place: settings.address + path, Failure(.failed, error.message))
        }
        return events
    }

    /// The entities within reach that something happened to since a time, each once: a hundred edits are one reading.
    ///
    /// Nil: more than is worth reading one by one. What was deleted is not among them: it is left as it is at the source.
    ///
    /// - Parameter time: By the server's clock, in milliseconds since 1970; earlier by ``eventOverlap`` than what was asked for
    ///   before. An event of that stretch may have been dealt with, so what it says was there before that is not taken for what
    ///   was there last.
    public func changes(since time: Int64, _ reach: CatalogReach) async throws(CatalogServerError) -> [ChangedEntity]? {
        struct Key: Hashable {
            var content: CatalogContent
            var id: String
        }
        var changed: [Key: CoalescedChanges] = [:]
        let overlap = Self.eventOverlap.components.seconds * 1000
        for event in try await events(since: time) {
            if let service = event.service, !reach.includes(service: service) { continue }
            let content = CatalogContent(entityType: event.entityType)!
            changed[Key(content: content, id: event.entityID), default: CoalescedChanges()]
                .append(event.time < time + overlap ? [] : event.changes)
        }
        guard changed.count <= Self.mostChanges else { return nil }
        let order = Dictionary(uniqueKeysWithValues: zip(CatalogContent.allCases, CatalogContent.allCases.indices))
        return changed.map { key, changes in ChangedEntity(content: key.content, id: key.id, changes: changes.all) }
            .sorted { (order[$0.content]!, $0.id) < (order[$1.content]!, $1.id) }
    }

    /// The entities as they are now, with what they held before as far as their events tell. Those that are gone are left out.
    public func batches(of changed: [ChangedEntity], _ reach: CatalogReach) -> ChangedBatches {
        ChangedBatches(server: self, changed: changed, reach: reach)
    }

    /// The same of entities that wait to be dealt with. Those of services out of reach are not asked for; where no event tells
    /// the service, the entity is.
    ///
    /// - Parameter unread: Takes those that the server cannot tell for reasons of their own; without it, one is enough to throw.
    public func batches(
        of pending: [PendingEntity], _ reach: CatalogReach, unread: UnreadEntities? = nil
    ) -> ChangedBatches {
        let within = pending.filter { $0.service.map(reach.includes) ?? true }
        return ChangedBatches(server: self, changed: within.compactMap(ChangedEntity.init), reach: reach, unread: unread)
    }

    /// One entity, with its columns; none if it is gone.
    fileprivate func entity(_ changed: ChangedEntity, _ reach: CatalogReach) async throws(CatalogServerError) -> Answer? {
        let fields = requestedFields(reach)
        let list = ListRequest(content: changed.content, fields: fields.text(for: changed.content), pageSize: 1)
        let path = "\(list.path)/\(ListRequest.encoded(changed.id))"
        let query = list.fields.map { "?include=non-deleted&fields=\(ListRequest.encoded($0))" } ?? "?include=non-deleted"
        let text: ValueText
        do {
            text = try await requester.get(
                path + query, asked: changed.content.resource, resource: changed.content.resource) { ValueText() }
        } catch {
            if error.failure.status == .notFound { return nil }
            throw error
        }
        do {
            var answer = try text.decode(EntityAnswer.self)
            if fields.everything { answer.completeProperties() }
            return Answer(entity: answer, json: reach.needsAnswers ? text.string : nil, changes: changed.changes)
        } catch {
            throw CatalogServerError(place: settings.address + path, Failure(.failed, error.message))
        }
    }
}

/// Entities that something happened to, as the server has them now.
public struct ChangedBatches: AsyncSequence, Sendable {
    public typealias Element = [CatalogEntity]

    let server: CatalogServer
    let changed: [ChangedEntity]
    let reach: CatalogReach
    var unread: UnreadEntities?

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(server.stream(of: changed, reach, unread), unread)
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        private let stream: PageStream<ChangedEntity, [CatalogEntity]>
        private let unread: UnreadEntities?

        init(_ stream: PageStream<ChangedEntity, [CatalogEntity]>, _ unread: UnreadEntities?) {
            self.stream = stream
            self.unread = unread
        }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> [CatalogEntity]? {
            while let (_, entities) = try await stream.next(isolation: actor) {
                if !entities.isEmpty { return entities }
            }
            if let error = unread?.reasonForAll { throw error }
            return nil
        }
    }
}

extension CatalogServer {
    fileprivate func stream(
        of changed: [ChangedEntity], _ reach: CatalogReach, _ unread: UnreadEntities?
    ) -> PageStream<ChangedEntity, [CatalogEntity]> {
        let translate = translation(reach, findsStrangers: true)
        return PageStream(changed, limit: settings.pagesInFlight) { [self] changed, _ in
            let answer: Answer?
            do throws(CatalogServerError) {
                answer = try await entity(changed, reach)
            } catch {
                // What fails for it alone is passed over, and its place stays empty.
                guard let unread, unread.takes(changed.id, error) else { throw error }
                return PageStream.Page(content: Task { [] }, cursor: nil)
            }
            let content = Task {
                do {
                    let entities = try await translate(answer.map { [$0] } ?? [], changed.content.kind!).content
                    unread?.wasRead()
                    return entities
                } catch {
                    let error = self.error(about: changed, error)
                    guard let unread, let error = error as? CatalogServerError, unread.takes(changed.id, error) else {
                        throw error
                    }
                    return []
                }
            }
            return PageStream.Page(content: content, cursor: nil)
        } looping: { _ in
            // An entity has no cursor.
            CancellationError()
        }
    }

    private func error(about changed: ChangedEntity, _ error: any Error) -> any Error {
        guard let fault = error as? Fault else { return error }
        return CatalogServerError(
            place: settings.address, Failure(.failed, "\(changed.content.resource) \(changed.id): \(fault.message)"))
    }
}

extension ListShape {
    /// What a server answers when it is asked what happened.
    fileprivate static let events = ListShape(
        lists: ["data"], allowsArray: false, whole: "a list of change events, {\"data\": […]}", holder: "the answer",
        element: "a change event", elements: "change events")
}
