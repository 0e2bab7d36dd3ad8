internal import RevmetaCatalog

/// One list that the server is asked for, page by page.
struct ListRequest: Sendable, Equatable {
    var content: CatalogContent
    /// What narrows the list to one parent: the parameter, and the parent's qualified name.
    var parent: (parameter: String, name: String)?
    var fields: String?
    var pageSize: Int

    static func == (one: ListRequest, other: ListRequest) -> Bool {
        one.target(after: nil) == other.target(after: nil)
    }

    /// The path and query of the page after a cursor, below the interface's address.
    func target(after cursor: String?) -> String {
        var target = path + "?limit=\(pageSize)&include=non-deleted"
        if let parent { target += "&\(parent.parameter)=\(Self.encoded(parent.name))" }
        if let fields { target += "&fields=\(Self.encoded(fields))" }
        if let cursor { target += "&after=\(Self.encoded(cursor))" }
        return target
    }

    var path: String {
        content == .databaseServices ? "/v1/services/databaseServices" : "/v1/\(content.rawValue)"
    }

    /// The list in words: `tables in shop.public`.
    var words: String {
        parent.map { "\(content.rawValue) in \($0.name)" } ?? content.rawValue
    }

    /// A text as a query takes it: names may hold anything.
    static func encoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { encoded, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"), UInt8(ascii: ","):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
    }
}
