internal import RevmetaCatalog
internal import RevmetaJSON
public import RevmetaModel

/// The entities of a server, a page at a time, read as they are asked for.
///
/// Whatever ends the reading before the catalog's end is thrown: what was not listed is not known, and never missing.
public struct ServerBatches: AsyncSequence, Sendable {
    public typealias Element = [CatalogEntity]

    let server: CatalogServer
    let reach: CatalogReach

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(server.walk(reach))
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        private let walk: CatalogWalk<[CatalogEntity]>

        init(_ walk: CatalogWalk<[CatalogEntity]>) {
            self.walk = walk
        }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> [CatalogEntity]? {
            while let (_, entities) = try await walk.next(isolation: actor) {
                if !entities.isEmpty { return entities }
            }
            return nil
        }
    }
}

extension CatalogServer {
    /// A walk that makes entities of the pages.
    fileprivate func walk(_ reach: CatalogReach) -> CatalogWalk<[CatalogEntity]> {
        let translate = translation(reach), fields = requestedFields(reach)
        return walk(reach, fields) { text, kind in
            var answers: [Answer] = []
            try text.decodeAll(EntityAnswer.self) { answer, element in
                var answer = answer
                if fields.everything { answer.completeProperties() }
                answers.append(Answer(entity: answer, json: reach.needsAnswers ? text.string(element) : nil))
            }
            return try await translate(answers, kind)
        }
    }

    /// The fields without which the channels cannot do.
    func requestedFields(_ reach: CatalogReach) -> RequestedFields {
        RequestedFields(
            owners: reach.needsOwners, tags: reach.needsTags,
            everything: reach.needsDocuments || reach.needsAnswers, version: version)
    }

    /// An entity's answer, and its text if templates ask for that.
    struct Answer: Sendable {
        var entity: EntityAnswer
        var json: String?
        /// What was changed of it, where that is known.
        var changes: [CatalogFieldChange] = []

        var needsPrincipals: Bool { entity.hasOwner || changes.contains { $0.name == "owners" || $0.name == "owner" } }
    }

    /// Makes entities of answers, and looks up who owns them.
    ///
    /// - Parameter findsStrangers: Whether owners that nobody knew when users and teams were read are worth another reading.
    func translation(
        _ reach: CatalogReach, findsStrangers: Bool = false
    ) -> @Sendable ([Answer], EntityKind) async throws -> CatalogWalk<[CatalogEntity]>.Page {
        let services = services, needsDocuments = reach.needsDocuments
        return { [self] answers, kind in
            let known = answers.contains(where: \.needsPrincipals)
                ? try await lookup.directory(knowing: findsStrangers ? answers.flatMap(\.entity.ownerIDs) : []) { [self] in
                    try await principals()
                } : PrincipalDirectory()
            let translator = EntityTranslator(services: services, principals: known, needsDocuments: needsDocuments)
            var entities: [CatalogEntity] = [], parents: [Parent] = []
            for (index, answer) in answers.enumerated() {
                let first = entities.count
                do throws(Fault) {
                    try translator.append(answer.entity, kind, json: answer.json, to: &entities)
                    if !answer.changes.isEmpty { translator.attach(answer.changes, to: &entities[first...]) }
                } catch {
                    throw Fault("data[\(index)]: \(error.message)")
                }
                if kind == .database || kind == .schema { parents.append(Parent(answer.entity, entities[first])) }
            }
            return CatalogWalk.Page(content: entities, parents: parents)
        }
    }

    /// A walk within reach.
    ///
    /// - Parameter read: Makes something of a page, while the next one is on its way.
    func walk<Content>(
        _ reach: CatalogReach, _ fields: RequestedFields,
        _ read: @escaping @Sendable (ListText, EntityKind) async throws -> CatalogWalk<Content>.Page
    ) -> CatalogWalk<Content> {
        let settings = settings, requester = requester
        return CatalogWalk(services: services.filter { reach.includes(service: $0.name) }, reach: reach) { content, parent in
            ListRequest(content: content, parent: parent, fields: fields.text(for: content), pageSize: settings.pageSize)
        } pages: { lists in
            PageStream(lists, limit: settings.pagesInFlight) { list, cursor in
                let page = try await requester.page(of: list, after: cursor)
                let content = Task {
                    do {
                        return try await read(page.text, list.content.kind!)
                    } catch let fault as Fault {
                        throw CatalogServerError(place: settings.address + list.path, Failure(.failed, "\(list.words): \(fault.message)"))
                    }
                }
                return PageStream.Page(content: content, cursor: page.cursor)
            } looping: { list in
                CatalogServerError(looping: list, settings)
            }
        }
    }

    private func principals() async throws(CatalogServerError) -> PrincipalDirectory {
        func byID(_ content: CatalogContent) async throws(CatalogServerError) -> [String: PrincipalAnswer] {
            Dictionary(try await principals(content).map { ($0.id, $0) }) { first, _ in first }
        }
        return PrincipalDirectory(users: try await byID(.users), teams: try await byID(.teams))
    }
}

extension Parent {
    init(_ answer: EntityAnswer, _ entity: CatalogEntity) {
        service = entity.service
        path = entity.path
        qualifiedName = answer.fullyQualifiedName ?? EntityPath([entity.service] + entity.path.names).description
    }
}
