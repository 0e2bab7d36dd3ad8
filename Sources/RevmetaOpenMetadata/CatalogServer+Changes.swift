public import RevmetaCatalog
internal import RevmetaJSON
public import RevmetaModel

/// An entity that something happened to.
public struct ChangedEntity: Sendable, Hashable {
    let content: CatalogContent
    let id: String
}

extension CatalogServer {
    /// For how long the server can be asked what happened: seven days unless its keeper says otherwise, and a day less to be
    /// safe.
    public static let eventRetention = Duration.seconds(6 * 86_400)
    /// More changes than this are better read with everything else.
    static let mostChanges = 5000

    /// The entities within reach that something happened to since a time, each once: a hundred edits are one reading.
    ///
    /// Nil: more than is worth reading one by one. What was deleted is not among them: it is left as it is at the source.
    ///
    /// - Parameter time: By the server's clock, in milliseconds since 1970.
    public func changes(since time: Int64, _ reach: CatalogReach) async throws(CatalogServerError) -> [ChangedEntity]? {
        let contents = CatalogContent.allCases.filter { $0.kind != nil }
        let types = ListRequest.encoded(contents.map(\.resource).joined(separator: ","))
        let path = "/v1/events"
        let target = "\(path)?entityCreated=\(types)&entityUpdated=\(types)&entityRestored=\(types)&timestamp=\(time)"
        let text = try await requester.get(target, asked: "change events", resource: "all") { ListText(.events) }
        var changed: Set<ChangedEntity> = []
        do throws(Fault) {
            try text.decodeAll(ChangeEventAnswer.self) { event, _ in
                guard let content = contents.first(where: { $0.resource == event.entityType }) else { return }
                if let service = event.entityFullyQualifiedName.flatMap({ EntityPath($0)?.names.first }),
                    !reach.includes(service: service) {
                    return
                }
                changed.insert(ChangedEntity(content: content, id: event.entityId))
            }
        } catch {
            throw CatalogServerError(place: settings.address + path, Failure(.failed, error.message))
        }
        guard changed.count <= Self.mostChanges else { return nil }
        let order = Dictionary(uniqueKeysWithValues: zip(contents, contents.indices))
        return changed.sorted { (order[$0.content]!, $0.id) < (order[$1.content]!, $1.id) }
    }

    /// The entities as they are now. Those that are gone are left out.
    public func batches(of changed: [ChangedEntity], _ reach: CatalogReach) -> ChangedBatches {
        ChangedBatches(server: self, changed: changed, reach: reach)
    }

    /// One entity, with its columns; none if it is gone.
    fileprivate func entity(_ changed: ChangedEntity, _ reach: CatalogReach) async throws(CatalogServerError) -> Answer? {
        let list = ListRequest(content: changed.content, fields: requestedFields(reach).text(for: changed.content), pageSize: 1)
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
            return Answer(entity: try text.decode(EntityAnswer.self), json: reach.needsAnswers ? text.string : nil)
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

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(server.stream(of: changed, reach))
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        private let stream: PageStream<ChangedEntity, [CatalogEntity]>

        init(_ stream: PageStream<ChangedEntity, [CatalogEntity]>) {
            self.stream = stream
        }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> [CatalogEntity]? {
            while let (_, entities) = try await stream.next(isolation: actor) {
                if !entities.isEmpty { return entities }
            }
            return nil
        }
    }
}

extension CatalogServer {
    fileprivate func stream(of changed: [ChangedEntity], _ reach: CatalogReach) -> PageStream<ChangedEntity, [CatalogEntity]> {
        let translate = translation(reach)
        return PageStream(changed, limit: settings.pagesInFlight) { [self] changed, _ in
            let answer = try await entity(changed, reach)
            let content = Task {
                do {
                    return try await translate(answer.map { [$0] } ?? [], changed.content.kind!).content
                } catch let fault as Fault {
                    throw CatalogServerError(
                        place: settings.address, Failure(.failed, "\(changed.content.resource) \(changed.id): \(fault.message)"))
                }
            }
            return PageStream.Page(content: content, cursor: nil)
        } looping: { _ in
            // An entity has no cursor.
            CancellationError()
        }
    }
}

extension ListShape {
    /// What a server answers when it is asked what happened.
    fileprivate static let events = ListShape(
        lists: ["data"], allowsArray: false, whole: "a list of change events, {\"data\": […]}", holder: "the answer",
        element: "a change event", elements: "change events")
}
