/// Texts and numbers one after the other, in few bytes, so that no two lists of them are the same bytes. Only for what knows in
/// which order they come: a text is not marked as one.
public struct CompactFields: Sendable {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    /// Appends a number that is not negative: seven bits a byte, the lowest first, all bytes but the last with the eighth bit.
    public mutating func append(_ number: Int) {
        var rest = UInt(number)
        while rest > 0x7F {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Appends a text with the number of its bytes and one more in front; nil, which is not the empty text, is 0.
    public mutating func append(_ text: String?) {
        guard let text else { return bytes.append(0) }
        append(text.utf8.count + 1)
        bytes.append(contentsOf: text.utf8)
    }

    /// Begins anew.
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }
}
