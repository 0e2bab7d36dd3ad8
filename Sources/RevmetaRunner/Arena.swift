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
