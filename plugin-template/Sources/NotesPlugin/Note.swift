internal import RevmetaPlugin

/// What a statement does, and what a line of `NOTES.txt` says: `describe orders.csv/total: Sum of the lines`.
///
/// A verb, the names of a thing joined by slashes, a colon, a space, and what is said. Nothing after the colon: nothing
/// is said any more. A backslash keeps what would end a name or the line: `\\ \/ \: \n \r \t`.
///
/// All work is done on bytes: to Swift, CR LF is one character, and an accented letter equals its decomposed form.
struct Note {
    enum Verb: String, CaseIterable {
        case describe
        case own

        var attribute: String {
            switch self {
            case .describe: "description"
            case .own: "owner"
            }
        }

        init?(attribute: String) {
            guard let verb = Verb.allCases.first(where: { $0.attribute.isSame(as: attribute) }) else { return nil }
            self = verb
        }
    }

    var verb: Verb
    var names: [String]
    /// Nil: nothing is said. Never empty.
    var value: String?

    init(verb: Verb, names: [String], value: String?) {
        self.verb = verb
        self.names = names
        self.value = value.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The note without what is said, the colon included.
    var key: String {
        verb.rawValue + " " + names.map { Note.escape($0, isName: true) }.joined(separator: "/") + ":"
    }

    /// The note as one line, without its end.
    var line: String {
        guard let value else { return key }
        return key + " " + Note.escape(value, isName: false)
    }
}

extension Note {
    /// Reads a statement.
    init(parsing text: String) throws(Failure) {
        let bytes = Array(text.utf8)
        let verbEnd = bytes.firstIndex(of: .space) ?? bytes.endIndex
        guard let verb = Verb(rawValue: String(decoding: bytes[..<verbEnd], as: UTF8.self)),
            let keyEnd = Note.keyEnd(of: bytes[...]),
            let names = Note.names(in: bytes[(verbEnd + 1)..<(keyEnd - 1)]),
            let value = Note.value(in: bytes[keyEnd...])
        else {
            throw Failure(
                .invalid,
                """
                expected a statement such as 'describe sales/orders.csv: TEXT' or 'own sales/orders.csv: NAME', with a \
                backslash only in \\\\ \\/ \\: \\n \\r \\t, found '\(text)'
                """)
        }
        self.init(verb: verb, names: names, value: value)
    }

    /// Where what is said begins: after the first colon that no backslash keeps. Nil: there is none.
    static func keyEnd(of bytes: ArraySlice<UInt8>) -> Int? {
        end(of: bytes, at: .colon).map { $0 + 1 }
    }

    /// What is said after a key. Nil: a backslash stands before something else than it may keep, or it is no UTF-8.
    static func value(in bytes: ArraySlice<UInt8>) -> String? {
        unescape(bytes.first == .space ? bytes.dropFirst() : bytes)
    }

    private static func names(in bytes: ArraySlice<UInt8>) -> [String]? {
        var names: [String] = []
        var rest = bytes
        while true {
            let nameEnd = end(of: rest, at: .slash)
            guard let name = unescape(rest[..<(nameEnd ?? rest.endIndex)]) else { return nil }
            names.append(name)
            guard let nameEnd else { return names }
            rest = rest[(nameEnd + 1)...]
        }
    }

    private static func end(of bytes: ArraySlice<UInt8>, at mark: UInt8) -> Int? {
        var isKept = false
        for index in bytes.indices {
            if !isKept && bytes[index] == mark { return index }
            isKept = !isKept && bytes[index] == .backslash
        }
        return nil
    }

    private static func escape(_ text: String, isName: Bool) -> String {
        var escaped: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case .newline: escaped += [.backslash, UInt8(ascii: "n")]
            case .carriageReturn: escaped += [.backslash, UInt8(ascii: "r")]
            case .tab: escaped += [.backslash, UInt8(ascii: "t")]
            case .backslash: escaped += [.backslash, byte]
            case .slash where isName, .colon where isName: escaped += [.backslash, byte]
            default: escaped.append(byte)
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }

    private static func unescape(_ bytes: ArraySlice<UInt8>) -> String? {
        var plain: [UInt8] = []
        var isKept = false
        for byte in bytes {
            if !isKept {
                isKept = byte == .backslash
                if !isKept { plain.append(byte) }
                continue
            }
            isKept = false
            switch byte {
            case UInt8(ascii: "n"): plain.append(.newline)
            case UInt8(ascii: "r"): plain.append(.carriageReturn)
            case UInt8(ascii: "t"): plain.append(.tab)
            case .backslash, .slash, .colon: plain.append(byte)
            default: return nil
            }
        }
        return isKept ? nil : String(validating: plain, as: UTF8.self)
    }
}

extension UInt8 {
    static let space = UInt8(ascii: " ")
    static let colon = UInt8(ascii: ":")
    static let slash = UInt8(ascii: "/")
    static let backslash = UInt8(ascii: "\\")
    static let newline = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let tab = UInt8(ascii: "\t")
}

extension String {
    /// Whether two texts are the same bytes. `==` would take an accented letter and its decomposed form for one.
    func isSame(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
