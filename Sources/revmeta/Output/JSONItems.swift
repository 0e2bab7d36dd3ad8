internal import Foundation

/// Writes the items of a list, a line each, as they come.
struct JSONItems {
    private let out: Terminal
    private let encoder = JSONEncoder.lines
    private var isFirst = true

    init(_ out: Terminal) {
        self.out = out
    }

    mutating func add(_ item: some Encodable) throws {
        out.write(isFirst ? "\n    " : ",\n    ")
        isFirst = false
        out.write(try encoder.text(item))
    }
}

extension JSONEncoder {
    static var lines: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }

    func text(_ value: some Encodable) throws -> String {
        String(decoding: try encode(value), as: UTF8.self)
    }
}
