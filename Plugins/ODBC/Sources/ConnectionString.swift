/// What a driver is asked to connect with: keys and values, in order.
///
/// Made of values and not of text, so that none of them can end early and begin another key.
public struct ConnectionString: Sendable {
    private var pairs: [(key: String, value: String)] = []

    public init() {}

    /// By a driver: a library's path, or the name it has in `odbcinst.ini`.
    public init(driver: String) {
        append("Driver", driver)
    }

    /// By a data source of `odbc.ini`.
    public init(dataSource: String) {
        append("DSN", dataSource)
    }

    /// Appends a key; the first of two with one name counts, as drivers have it.
    public mutating func append(_ key: String, _ value: String) {
        pairs.append((key, value))
    }

    /// Appends what a user wrote as `key=value;key={value with ; in it}`. Nil: it is not written that way.
    public mutating func append(written text: String) -> Bool {
        var read: [(String, String)] = [], rest = text.unicodeScalars[...]
        while let first = rest.first {
            if first == ";" || first == " " {
                rest.removeFirst()
                continue
            }
            guard let equals = rest.firstIndex(of: "=") else { return false }
            let key = String(rest[..<equals])
            guard !key.isEmpty, !key.contains(";"), !key.contains("{") else { return false }
            rest = rest[rest.index(after: equals)...]
            guard let value = Self.value(&rest) else { return false }
            read.append((key, value))
        }
        for (key, value) in read { append(key, value) }
        return true
    }

    private static func value(_ rest: inout Substring.UnicodeScalarView) -> String? {
        guard rest.first == "{" else {
            let end = rest.firstIndex(of: ";") ?? rest.endIndex
            defer { rest = rest[end...] }
            return String(rest[..<end])
        }
        rest.removeFirst()
        var value = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            guard scalar == "}" else {
                value.append(scalar)
                continue
            }
            guard rest.first == "}" else {
                return rest.first == nil || rest.first == ";" ? String(value) : nil
            }
            value.append(scalar)
            rest.removeFirst()
        }
        return nil
    }

    subscript(key: String) -> String? {
        pairs.first { $0.key.lowercased() == key.lowercased() }?.value
    }

    /// As drivers read it. Holds secrets: for the driver alone.
    var text: String {
        pairs.map { "\($0.key)=\(Self.quoted($0.value))" }.joined(separator: ";") + ";"
    }

    /// A value that could be read as anything but itself stands in braces.
    private static func quoted(_ value: String) -> String {
        let isPlain = value.unicodeScalars.allSatisfy { scalar in
            scalar.value > 127 || "_-./:@+".unicodeScalars.contains(scalar)
                || ("0"..."9").contains(scalar) || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
        }
        guard !isPlain else { return value }
        var doubled = String.UnicodeScalarView()
        for scalar in value.unicodeScalars {
            doubled.append(scalar)
            if scalar == "}" { doubled.append(scalar) }
        }
        return "{" + String(doubled) + "}"
    }
}
