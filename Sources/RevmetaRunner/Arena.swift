/// Memory for the lists of one call. The texts in them lie in the frame that asked for the call.
final class Arena {
    private var blocks: [UnsafeMutableRawPointer] = []

    deinit {
        for block in blocks { block.deallocate() }
    }

    /// A list of so many items; also of none, so that it has an address.
    func items<T>(_ count: Int, of type: T.Type) -> UnsafeMutablePointer<T> {
        let items = UnsafeMutablePointer<T>.allocate(capacity: max(count, 1))
        blocks.append(UnsafeMutableRawPointer(items))
        return items
    }
}

/// Takes short lists out of long ones: a call has thousands.
struct Pool<Element> {
    private let arena: Arena
    private var rest: UnsafeMutablePointer<Element>?
    private var count = 0

    init(_ arena: Arena) {
        self.arena = arena
    }

    mutating func take(_ wanted: Int) -> UnsafeMutablePointer<Element> {
        if wanted > count || rest == nil {
            count = max(wanted, Self.blockBytes / MemoryLayout<Element>.stride)
            rest = arena.items(count, of: Element.self)
        }
        let taken = rest!
        rest = taken + wanted
        count -= wanted
        return taken
    }

    private static var blockBytes: Int { 1 << 16 }
}
