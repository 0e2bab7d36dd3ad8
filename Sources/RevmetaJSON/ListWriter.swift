#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes the elements of a list, a line each, as they come.
package struct ListWriter {
    private let write: (String) throws -> Void
    private let line = LineEncoder()
    private var isFirst = true

    package init(_ write: @escaping (String) throws -> Void) {
        self.write = write
    }

    package mutating func add(_ element: some Encodable) throws {
        try write((isFirst ? "\n    " : ",\n    ") + line.text(element))
        isFirst = false
    }
}

/// Writes values as JSON, each on one line, the same way each time.
package struct LineEncoder {
    private let encoder = JSONEncoder()

    package init() {
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    package func text(_ value: some Encodable) throws -> String {
        String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
