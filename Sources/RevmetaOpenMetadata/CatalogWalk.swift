internal import RevmetaCatalog
internal import RevmetaModel

/// A database or schema, in which lists lie.
struct Parent: Sendable {
    var service: String
    var path: EntityPath
    /// As the server names it in its queries.
    var qualifiedName: String
}

/// Goes through a server's lists in the order in which a folder's files are read: databases, schemas, tables, procedures.
///
/// What the channels cannot select is not asked for.
final class CatalogWalk<Content: Sendable> {
    /// What becomes of a page, and the databases or schemas in it.
    struct Page: Sendable {
        var content: Content
        var parents: [Parent]
    }

    private let services: [CatalogService]
    private let reach: CatalogReach
    private let pages: (_ lists: [ListRequest]) -> PageStream<ListRequest, Page>
    private let list: (CatalogContent, (parameter: String, name: String)) -> ListRequest
    private var remaining = CatalogContent.allCases.filter { $0.kind != nil }[...]
    private var stream: PageStream<ListRequest, Page>?
    private var databases: [Parent] = []
    private var schemas: [Parent] = []

    init(
        services: [CatalogService], reach: CatalogReach,
        list: @escaping (CatalogContent, (parameter: String, name: String)) -> ListRequest,
        pages: @escaping (_ lists: [ListRequest]) -> PageStream<ListRequest, Page>
    ) {
        self.services = services
        self.reach = reach
        self.list = list
        self.pages = pages
    }

    /// The next page, or nil at the catalog's end.
    func next(isolation: isolated (any Actor)? = #isolation) async throws -> (CatalogContent, Content)? {
        while true {
            if let stream {
                if let (list, page) = try await stream.next() {
                    let inReach = page.parents.filter { reach.includes(service: $0.service, $0.path) }
                    if list.content == .databases { databases += inReach } else { schemas += inReach }
                    return (list.content, page.content)
                }
                self.stream = nil
            }
            guard let content = remaining.popFirst() else { return nil }
            stream = pages(lists(of: content))
        }
    }

    private func lists(of content: CatalogContent) -> [ListRequest] {
        switch content {
        case .databaseServices, .users, .teams: []
        case .databases: services.map { list(content, ("service", EntityPath([$0.name]).description)) }
        case .databaseSchemas: databases.map { list(content, ("database", $0.qualifiedName)) }
        case .tables: reach.includes(anyOf: [.table, .column]) ? inSchemas(content) : []
        case .storedProcedures: reach.includes(anyOf: [.procedure]) ? inSchemas(content) : []
        }
    }

    private func inSchemas(_ content: CatalogContent) -> [ListRequest] {
        schemas.map { list(content, ("databaseSchema", $0.qualifiedName)) }
    }
}
