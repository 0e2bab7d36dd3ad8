internal import RevmetaModel

/// An OpenMetadata entity link: `<#E::table::shop.shop.public.orders::columns::status::description>`.
///
/// Its parts stand between double colons: the entity's type and qualified name, and then, as far as there are any, a field,
/// a member of that field (a column, by its qualified name within the table), and a field of the member.
public struct EntityLink: Sendable, Hashable {
    /// OpenMetadata's word: `table`, `databaseSchema`, ….
    public var entityType: String
    /// The service's name, and then the entity's own path, as the source stores them.
    public var names: [String]
    /// `columns`, `description`, `tags`, …; nil: the link is to the entity itself.
    public var field: String?
    /// Which of the field's members: a column's name, and below it those of nested fields; empty: none in particular.
    public var member: [String]
    /// A field of the member: `description`.
    public var memberField: String?

    public init(
        _ entityType: String, _ names: [String], field: String? = nil, member: [String] = [], memberField: String? = nil
    ) {
        self.entityType = entityType
        self.names = names
        self.field = field
        self.member = member
        self.memberField = memberField
    }

    /// Why a text is no entity link: what was expected, what was found, and where.
    public struct Invalid: Error, Sendable, Equatable, CustomStringConvertible {
        public let description: String
    }
}

extension EntityLink: CustomStringConvertible {
    /// The link as OpenMetadata reads it: a name with a dot in double quotes, what its grammar cannot hold
    /// (`::`, `>`, `"`) as the tokens that its ingestion writes for it.
    public var description: String {
        var parts = ["<#E", entityType, Self.qualified(names)]
        if let field { parts.append(field) }
        if !member.isEmpty { parts.append(Self.qualified(member)) }
        if let memberField { parts.append(memberField) }
        return parts.joined(separator: "::") + ">"
    }

    private static func qualified(_ names: [String]) -> String {
        let text = names.map { name in
            let name = ReservedToken.encode(name)
            return name.utf8.contains(UInt8(ascii: ".")) ? "\"\(name)\"" : name
        }.joined(separator: ".")
        // A colon beside the separator would be taken for a part of it, and an escape for what it stands for.
        let isPlain = !text.hasPrefix(":") && !text.hasSuffix(":") && text.unescaped == nil
        return isPlain ? text : text.escaped
    }
}

extension EntityLink {
    /// Reads a link.
    ///
    /// A part with `%XX` in it is taken for an escaped URL's, in which `+` is a space too.
    public init(_ text: String) throws(Invalid) {
        guard text.hasPrefix("<#E::") else {
            throw Invalid(description: "expected an entity link like <#E::table::service.database.schema.table>, found '\(text)'")
        }
        guard text.hasSuffix(">") else { throw Invalid(description: "the entity link '\(text)' does not end with >") }
        let parts = text.dropFirst("<#E::".count).dropLast().splitAtDoubleColons()
        func wrong(_ index: Int, _ sentence: String) -> Invalid {
            Invalid(description: "part \(index + 1) of the entity link '\(text)': \(sentence)")
        }
        if let empty = parts.firstIndex(where: \.isEmpty) { throw wrong(empty, "expected \(Self.roles[min(empty, 4)]), found nothing") }
        guard parts.count > 1 else { throw wrong(1, "expected \(Self.roles[1]), found the link's end") }
        guard parts.count <= Self.roles.count else {
            throw wrong(Self.roles.count, "expected the link's end, found '\(parts[Self.roles.count])'")
        }
        func names(_ index: Int) throws(Invalid) -> [String] {
            let part = parts[index].unescaped ?? parts[index]
            guard let names = EntityPath(part)?.names, !names.contains("") else {
                throw wrong(index, "expected \(Self.roles[index]), names joined by dots, a name with a dot in double quotes; found '\(part)'")
            }
            return names
        }
        guard parts[0].utf8.allSatisfy({ $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "\"") }) else {
            throw wrong(0, "expected \(Self.roles[0]), found '\(parts[0])'")
        }
        let path = try names(1)
        self.init(
            parts[0], path.prefix(1) + path.dropFirst().map(ReservedToken.decode), field: parts.count > 2 ? parts[2] : nil,
            member: parts.count > 3 ? try names(3).map(ReservedToken.decode) : [], memberField: parts.count > 4 ? parts[4] : nil)
    }

    private static let roles = [
        "an entity's type", "an entity's qualified name", "a field", "the name of one of the field's members", "a field of that member",
    ]
}

extension Substring {
    /// Its parts, the first of three colons belonging to the separator.
    fileprivate func splitAtDoubleColons() -> [String] {
        var parts: [String] = [], rest = utf8[...], part = ""
        while let colon = rest.firstIndex(of: UInt8(ascii: ":")) {
            let next = rest.index(after: colon)
            guard next < rest.endIndex, rest[next] == UInt8(ascii: ":") else {
                part += String(Substring(rest[..<next]))
                rest = rest[next...]
                continue
            }
            parts.append(part + String(Substring(rest[..<colon])))
            part = ""
            rest = rest[rest.index(after: next)...]
        }
        return parts + [part + String(Substring(rest))]
    }
}

extension String {
    /// The text that an escaped one stands for; nil: it has no escape, or what looks like one is none.
    fileprivate var unescaped: String? {
        var bytes: [UInt8] = [], rest = utf8[...], hasEscape = false
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
                let value = UInt8(String(Substring(digits)), radix: 16)
            else { return nil }
            bytes.append(value)
            rest.removeFirst(2)
            hasEscape = true
        }
        return hasEscape ? String(validating: bytes, as: UTF8.self) : nil
    }

    fileprivate var escaped: String {
        utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                String(Character(Unicode.Scalar(byte)))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
