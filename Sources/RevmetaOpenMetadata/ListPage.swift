internal import RevmetaCatalog
internal import RevmetaJSON
internal import RevmetaModel

/// A page of a list as it came.
struct ListPage: Sendable {
    var text: ListText
    /// Where the next page begins; nil: this is the last.
    var cursor: String?

    /// Around a page's entities.
    private struct Envelope: Decodable {
        struct Paging: Decodable {
            var after: String?
        }

        var paging: Paging?
    }

    fileprivate init(_ text: ListText) throws(Fault) {
        self.text = text
        let after = try text.decodeAround(Envelope.self).paging?.after
        cursor = after?.isEmpty == false ? after : nil
    }
}

extension Requester {
    func page(of list: ListRequest, after cursor: String?) async throws(CatalogServerError) -> ListPage {
        let target = list.target(after: cursor)
        let text = try await get(target, asked: list.words, resource: list.content.resource) { ListText(.page) }
        do {
            return try ListPage(text)
        } catch {
            throw CatalogServerError(place: address + list.path, Failure(.failed, error.message))
        }
    }
}

extension ListShape {
    /// What a server answers when it is asked for a list.
    fileprivate static let page = ListShape(
        lists: ["data"], allowsArray: false, whole: "a list answer, {\"data\": […]}", holder: "the answer",
        element: "an entity", elements: "entities")
}
