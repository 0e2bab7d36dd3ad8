/// The pages of several lists, in the lists' order, a bounded number of them on their way at once.
///
/// Some lists are read ahead, each page of one as soon as its cursor is known, up to a few pages that nobody has taken yet. So
/// the server has something to do while pages are looked at, and memory holds a few pages, however long the lists are.
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
    private var reading: [ListReading<List, Content>] = []
    private let limit: Int
    private let load: Load
    private let looping: Looping

    init(_ lists: [List], limit: Int, load: @escaping Load, looping: @escaping Looping) {
        waiting = lists[...]
        self.limit = limit
        self.load = load
        self.looping = looping
    }

    /// The next page's content with its list, or nil at the end of the last list.
    func next(isolation: isolated (any Actor)? = #isolation) async throws -> (List, Content)? {
        while true {
            while reading.count < limit, let list = waiting.popFirst() {
                reading.append(ListReading(list, load: load, looping: looping))
            }
            guard let first = reading.first else { return nil }
            if let page = try await first.next() { return (first.list, try await page.content.value) }
            reading.removeFirst()
        }
    }
}

/// One list that is read ahead.
private final class ListReading<List: Sendable, Content: Sendable> {
    typealias Pages = PageStream<List, Content>

    let list: List
    private var pages: AsyncThrowingStream<Pages.Page, any Error>.Iterator
    /// Each lets one more page be asked for.
    private let permits: AsyncStream<Void>.Continuation
    private let work: Task<Void, Never>

    /// How many pages of a list may be there or on their way that nobody has taken. The lists come in their order: with fewer, the
    /// server would mostly wait for the one whose turn it is.
    private static var mostAhead: Int { 8 }

    init(_ list: List, load: @escaping Pages.Load, looping: @escaping Pages.Looping) {
        self.list = list
        let (pages, come) = AsyncThrowingStream.makeStream(of: Pages.Page.self)
        let (asked, permits) = AsyncStream.makeStream(of: Void.self)
        self.pages = pages.makeAsyncIterator()
        self.permits = permits
        for _ in 0..<Self.mostAhead { permits.yield() }
        work = Task {
            var cursors: Set<String> = [], cursor: String?
            do {
                for await _ in asked {
                    let page = try await load(list, cursor)
                    come.yield(page)
                    cursor = page.cursor
                    guard let cursor else { break }
                    guard cursors.insert(cursor).inserted else { throw looping(list) }
                }
                come.finish()
            } catch {
                come.finish(throwing: error)
            }
        }
    }

    deinit {
        work.cancel()
        permits.finish()
    }

    /// The next page; nil: there was the last.
    func next(isolation: isolated (any Actor)? = #isolation) async throws -> Pages.Page? {
        let page = try await pages.next(isolation: isolation)
        // A wait that is broken off looks like the end.
        try Task.checkCancellation()
        permits.yield()
        return page
    }
}
