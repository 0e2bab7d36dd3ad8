/// One record of what a driver, or the driver manager, says about a call.
public struct Diagnostic: Sendable, Equatable {
    /// Five characters.
    public var sqlState: String
    /// The vendor's own number; 0: none.
    public var vendorCode: Int32
    /// As the driver wrote it, with who says it in front: `[unixODBC][Driver Manager]…`.
    public var message: String

    public init(sqlState: String, vendorCode: Int32 = 0, message: String) {
        self.sqlState = sqlState
        self.vendorCode = vendorCode
        self.message = message
    }

    /// The message alone, on one line.
    public var sentence: String {
        var rest = message[...]
        while rest.first == "[", let end = rest.firstIndex(of: "]") {
            rest = rest[rest.index(after: end)...]
            while rest.first == " " { rest.removeFirst() }
        }
        let lines = rest.split(whereSeparator: \.isNewline).map { line in
            var line = line
            while line.first == " " { line.removeFirst() }
            while line.last == " " { line.removeLast() }
            return line
        }
        return lines.filter { !$0.isEmpty }.joined(separator: " ")
    }
}
