internal import Glibc

/// A text as a key, equal to another only byte for byte, as sources compare names.
public struct ExactText: Hashable, Sendable {
    public let text: String

    public init(_ text: String) {
        self.text = text
    }

    public static func == (one: ExactText, other: ExactText) -> Bool {
        one.text.isExactly(other.text)
    }

    // Texts of the same bytes have the same hash, which is all that a hash must promise.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(text)
    }
}

extension String {
    /// Whether two texts are the same byte for byte, at the speed of the C library.
    ///
    /// Swift's own `==` takes é in its two spellings for one text; to a source they are two names, and two comments.
    public func isExactly(_ other: String) -> Bool {
        var (one, two) = (self, other)
        return one.withUTF8 { own in
            two.withUTF8 { other in
                guard own.count == other.count else { return false }
                guard let bytes = own.baseAddress, let others = other.baseAddress else { return true }
                return memcmp(bytes, others, own.count) == 0
            }
        }
    }
}
