/// Copies a struct that starts with its size and that the other side may have built smaller or larger than ours.
///
/// Why not `pointer.pointee`: it loads our size, and walks off the end of an older plugin's table.
func boundedCopy<T>(
    _ pointer: UnsafeRawPointer, as type: T.Type, of what: String, in plugin: String
) throws(UnusablePlugin) -> T {
    let size = pointer.load(as: UInt32.self)
    // A draft has one size; once the interface is frozen, what 1.0 had will be the least.
    guard size >= MemoryLayout<T>.size, size <= 1 << 16 else {
        throw UnusablePlugin(
            "the \(what) of \(plugin) says it has \(size) bytes, where \(MemoryLayout<T>.size) are expected: rebuild "
                + "the plugin against this revmeta's headers")
    }
    return pointer.loadUnaligned(as: T.self)
}

/// Throws a sentence that names what should be set and is not.
func checkSet(_ slots: KeyValuePairs<String, Bool>, of what: String, in plugin: String) throws(UnusablePlugin) {
    let empty = slots.filter { !$0.value }.map(\.key)
    guard empty.isEmpty else {
        throw UnusablePlugin(
            "the \(what) of \(plugin) has empty slots: \(empty.joined(separator: ", ")). They must be set: mend the "
                + "plugin")
    }
}
