/// Finds where the elements of a list lie in a text that comes in pieces.
///
/// Positions are bytes from the text's beginning. Each byte is given once, in order.
package protocol ElementSplitter {
    /// How many bytes were consumed: the next scan's bytes begin here.
    var position: Int { get }
    /// Where the element begins that was not given out yet, or nil between elements.
    var elementStart: Int? { get }
    /// The line to name in an error, from 1: where the present element starts, or the present line between elements.
    var line: Int { get }

    /// The next element that ends within `bytes`, or nil when all of them were consumed.
    mutating func scan(_ bytes: Span<UInt8>) throws(Fault) -> SplitElement?

    /// What stands around the elements, as far as it was consumed.
    var around: [UInt8] { get }

    /// Checks that the text may end here, and gives the element that its end closes.
    mutating func finish() throws(Fault) -> SplitElement?
}

/// Where an element lies: its bytes, and the line of the first one, from 1.
package struct SplitElement: Equatable {
    package var bytes: Range<Int>
    package var line: Int
    /// Which of the text's lists it stands in, of those that ``ListShape/lists`` names.
    package var list: Int = 0
}

/// Whether JSON allows the byte between values.
@inline(__always)
func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\t")
}
