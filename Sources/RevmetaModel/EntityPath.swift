/// The names that lead to an entity within its service, outermost first: database, schema, table, column, field….
///
/// Each name stands exactly as the source stores it: never quoted, never case-folded, with the catalog's
/// `__reserved__…__` tokens already decoded.
public struct EntityPath: Sendable, Hashable {
    public let names: [String]

    public init(_ names: [String]) {
        self.names = names
    }

    /// The database the entity lies in, or is.
    public var database: String { names.first ?? "" }

    /// The path of the entity that holds this one, or nil for a database.
    public var parent: EntityPath? {
        names.count > 1 ? EntityPath(Array(names.dropLast())) : nil
    }

    public func child(_ name: String) -> EntityPath {
        EntityPath(names + [name])
    }
}

extension EntityPath {
    /// Byte for byte, as sources compare names: é in its two spellings names two tables.
    public static func == (one: EntityPath, other: EntityPath) -> Bool {
        one.names.count == other.names.count
            && zip(one.names, other.names).allSatisfy { $0.isExactly($1) }
    }
}

extension EntityPath: CustomStringConvertible, LosslessStringConvertible {
    /// The names joined by dots. A name that is empty or holds a dot, a double quote or a control character stands in
    /// double quotes, with double quotes doubled. Different paths have different texts, and ``init(_:)`` reads them back.
    ///
    /// The texts of all entities below a path begin with the path's own text and a dot.
    public var description: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(names.reduce(names.count) { $0 + $1.utf8.count })
        appendDescription(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the bytes of ``description``.
    public func appendDescription(to bytes: inout [UInt8]) {
        for index in names.indices {
            if index > 0 { bytes.append(UInt8(ascii: ".")) }
            bytes.append(contentsOf: (Self.isPlain(names[index]) ? names[index] : Self.quoted(names[index])).utf8)
        }
    }

    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && !name.hasByte { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "\"") || $0 < 0x20 }
    }

    private static func quoted(_ name: String) -> String {
        "\"" + name.doubling("\"") + "\""
    }

    /// Reads a text that ``description`` wrote, or a catalog's fully qualified name. Nil if it is neither.
    public init?(_ description: String) {
        if !description.isEmpty, !description.utf8.contains(UInt8(ascii: "\"")) {
            // The usual case, and a path is read back for each change that is sent.
            let parts = description.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            guard parts.allSatisfy({ !$0.isEmpty }) else { return nil }
            self.init(parts.map { String(Substring($0)) })
            return
        }
        var names: [String] = []
        var rest = description.unicodeScalars[...]
        while true {
            var name = String.UnicodeScalarView()
            if rest.first == "\"" {
                rest.removeFirst()
                while true {
                    guard let scalar = rest.popFirst() else { return nil }
                    if scalar == "\"" {
                        guard rest.first == "\"" else { break }
                        rest.removeFirst()
                    }
                    name.append(scalar)
                }
            } else {
                while let scalar = rest.first, scalar != "." {
                    guard scalar != "\"" else { return nil }
                    name.append(scalar)
                    rest.removeFirst()
                }
                guard !name.isEmpty else { return nil }
            }
            names.append(String(name))
            guard let separator = rest.popFirst() else { break }
            guard separator == "." else { return nil }
        }
        self.init(names)
    }
}

extension EntityPath: Codable {
    public init(from decoder: any Decoder) throws {
        names = try decoder.singleValueContainer().decode([String].self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(names)
    }
}
