internal import CRevmeta

/// A struct of the boundary that a plugin hands over. It may grow at its end, so a plugin's may be shorter or longer than ours.
protocol GrowingStruct {
    /// The bytes that it had in version 1.0, and so the least that every plugin has.
    static var firstSize: Int { get }

    /// All zero.
    init()
}

// Never to be changed: these are what 1.0 was.
extension revmeta_plugin: GrowingStruct { static let firstSize = 40 }
extension revmeta_connector: GrowingStruct { static let firstSize = 72 }
extension revmeta_template: GrowingStruct { static let firstSize = 40 }
extension revmeta_interrupt: GrowingStruct { static let firstSize = 16 }
extension revmeta_dialect: GrowingStruct { static let firstSize = 128 }
extension revmeta_failure: GrowingStruct { static let firstSize = 56 }
extension revmeta_fact: GrowingStruct { static let firstSize = 64 }
extension revmeta_ability: GrowingStruct { static let firstSize = 72 }
extension revmeta_statement: GrowingStruct { static let firstSize = 64 }
extension revmeta_outcome: GrowingStruct { static let firstSize = 24 }

extension UnsafeRawPointer {
    /// Copies a struct of so many bytes, which may be fewer or more than ours: what it lacks is zero.
    ///
    /// Why not `pointee`: it loads our size, and walks off the end of what an older plugin has.
    func load<T: GrowingStruct>(_ type: T.Type, of size: Int) -> T {
        guard size < MemoryLayout<T>.size else { return loadUnaligned(as: T.self) }
        var copy = T()
        withUnsafeMutableBytes(of: &copy) { $0.copyMemory(from: UnsafeRawBufferPointer(start: self, count: size)) }
        return copy
    }
}

/// Copies a struct that starts with its size.
func boundedCopy<T: GrowingStruct>(
    _ pointer: UnsafeRawPointer, as type: T.Type, of what: String, in plugin: String
) throws(UnusablePlugin) -> T {
    let size = pointer.load(as: UInt32.self)
    guard size >= T.firstSize, size <= 1 << 16 else {
        throw UnusablePlugin(
            "the \(what) of \(plugin) says it has \(size) bytes, where \(T.firstSize) are expected: rebuild the plugin "
                + "against this revmeta's headers")
    }
    return pointer.load(type, of: Int(size))
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
