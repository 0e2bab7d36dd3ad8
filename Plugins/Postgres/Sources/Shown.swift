/// A name as a statement for people spells it: quoted only where it has to be.
func shown(_ name: String) -> String {
    let isPlain = name.utf8.enumerated().allSatisfy { index, byte in
        (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "_") || (index > 0 && (0x30...0x39).contains(byte))
    }
    if isPlain, !name.isEmpty { return name }
    return "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
}

/// A value as a message quotes it: shortened, and told apart from none.
func shown(value: String?) -> String {
    guard let value, !value.isEmpty else { return "nothing" }
    let start = value.prefix(60)
    return start.endIndex == value.endIndex ? "'\(value)'" : "'\(start)…'"
}
