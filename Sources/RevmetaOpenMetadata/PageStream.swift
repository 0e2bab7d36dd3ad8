/// The pages of several lists, in the lists' order, a bounded number of them on their way at once.
///
/// Of the list that is being read the next page is asked for as soon as its cursor is known, while this page is still being
/// looked at; of the lists that follow, the first pages. So memory holds a few pages, however long the lists are.
final class PageStream<List: Sendable, Content: Sendable> {
    /// A page that has come: what becomes of it, and where the next one begins.
    struct Page: Sendable {
        var content: Task<Content, any Error>
        var cursor: String?
    }

    /// A list, from its first page or from a cursor on.
    typealias Load = @Sendable (List, _ cursor: String?) async throws -> Page
    /// What to throw if a list's cursor comes a second time.
    typealias Looping = @Sendable (List) -> any Error

    private var waiting: ArraySlice<List>
    private var onTheirWay: [(list: List, page: Task<Page, any Error>)] = []
    private let limit: Int
    private let load: Load
    private let looping: Looping
    private var cursors: Set<String> = []

    init(_ lists: [List], limit: Int, load: @escaping Load, looping: @escaping Looping) {
        waiting = lists[...]
        self.limit = limit
        self.load = load
        self.looping = looping
    }

    deinit {
        for (_, page) in onTheirWay { page.cancel() }
    }

    /// The next page's content with its list, or nil at the end of the last list.
    func next(isolation: isolated (any Actor)? = #isolation) async throws -> (List, Content)? {
        while onTheirWay.count < limit, let list = waiting.popFirst() { onTheirWay.append((list, start(list, nil))) }
        guard let (list, page) = onTheirWay.first else { return nil }
        let found = try await withTaskCancellationHandler {
            try await page.value
        } onCancel: {
            page.cancel()
        }
        if let cursor = found.cursor {
            guard cursors.insert(cursor).inserted else { throw looping(list) }
            onTheirWay[0].page = start(list, cursor)
        } else {
            onTheirWay.removeFirst()
            cursors.removeAll()
        }
        return (list, try await found.content.value)
    }

    private func start(_ list: List, _ cursor: String?) -> Task<Page, any Error> {
        Task { [load] in try await load(list, cursor) }
    }
}
