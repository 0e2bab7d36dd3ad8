/// Finds the elements of the lists of a JSON text: of the text's array, or of arrays in the text's object.
///
/// What stands around the elements is checked too, so that a file cut short or an error answer never reads as a list.
struct JSONListSplitter: ElementSplitter, Sendable {
    private enum Place {
        case beforeAnswer
        /// In the text's object, outside its lists.
        case envelope
        case beforeFirstElement
        case beforeElement
        /// Or within an element, while `elementStart` is set.
        case afterElement
        case afterAnswer
    }

    private(set) var position = 0
    private(set) var elementStart: Int?

    private var nesting = JSONNesting()
    private var place = Place.beforeAnswer
    private var currentLine = 1
    private var elementLine = 1
    /// How deep the nesting is between the list's elements.
    private var listDepth = 0
    private var list = 0
    private let shape: ListShape
    private var envelope: ListEnvelope

    init(_ shape: ListShape) {
        self.shape = shape
        envelope = ListEnvelope(shape)
    }

    var line: Int { elementStart == nil ? currentLine : elementLine }
    var around: [UInt8] { envelope.bytes }

    mutating func scan(_ bytes: Span<UInt8>) throws(Fault) -> SplitElement? {
        let beginning = position
        var index = 0
        while index < bytes.count {
            if elementStart != nil {
                if let element = try scanElement(bytes, from: &index, beginning: beginning) { return element }
            } else {
                try step(bytes[index])
                index += 1
                position = beginning + index
            }
        }
        return nil
    }

    func finish() throws(Fault) -> SplitElement? {
        guard elementStart == nil else { throw Fault("\(shape.holder) ends within the \(noun) that starts here") }
        switch place {
        case .afterAnswer: try envelope.check()
        case .beforeAnswer: throw Fault("\(shape.holder) is empty, where \(shape.whole) was expected")
        case .beforeFirstElement, .beforeElement, .afterElement:
            throw Fault("\(shape.holder) ends within its list of \(shape.elements)")
        case .envelope: throw Fault("\(shape.holder) ends before it is whole")
        }
        return nil
    }

    /// What an element is called, without its article.
    private var noun: Substring { shape.element.drop { $0 != " " }.dropFirst() }

    /// Follows an element to its end or to the end of the bytes.
    private mutating func scanElement(
        _ bytes: Span<UInt8>, from index: inout Int, beginning: Int
    ) throws(Fault) -> SplitElement? {
        while index < bytes.count {
            index += nesting.plainTextLength(in: bytes, from: index)
            guard index < bytes.count else { break }
            let byte = bytes[unchecked: index]
            if byte == UInt8(ascii: "\n"), !nesting.isInText { currentLine += 1 }
            do {
                try nesting.follow(byte)
            } catch {
                throw currentLine == elementLine ? error : Fault("\(error.message), on line \(currentLine)")
            }
            index += 1
            if nesting.depth == listDepth, !nesting.isInText {
                position = beginning + index
                return endElement()
            }
        }
        position = beginning + index
        return nil
    }

    private mutating func endElement() -> SplitElement? {
        defer { elementStart = nil }
        return elementStart.map { SplitElement(bytes: $0..<position, line: elementLine, list: list) }
    }

    /// Goes one byte further outside the elements.
    private mutating func step(_ byte: UInt8) throws(Fault) {
        if byte == UInt8(ascii: "\n"), !nesting.isInText { currentLine += 1 }
        switch place {
        case .envelope:
            try stepInEnvelope(byte)
        case _ where isBlank(byte):
            break
        case .beforeAnswer:
            try beginAnswer(byte)
        case .beforeFirstElement where byte == UInt8(ascii: "]"), .afterElement where byte == UInt8(ascii: "]"):
            try endList(byte)
        case .beforeFirstElement, .beforeElement:
            guard byte == UInt8(ascii: "{") else { throw Fault("expected \(shape.element), {…}, found \(described(byte))") }
            try nesting.follow(byte)
            elementStart = position
            elementLine = currentLine
            place = .afterElement
        case .afterElement:
            guard byte == UInt8(ascii: ",") else {
                throw Fault("expected `,` or `]` after \(shape.element), found \(described(byte))")
            }
            place = .beforeElement
        case .afterAnswer:
            throw Fault("expected the end of \(shape.holder) after the list, found \(described(byte))")
        }
    }

    private mutating func beginAnswer(_ byte: UInt8) throws(Fault) {
        try nesting.follow(byte)
        switch byte {
        case UInt8(ascii: "[") where shape.allowsArray:
            listDepth = nesting.depth
            place = .beforeFirstElement
        case UInt8(ascii: "{"):
            try envelope.append(byte, followedBy: nesting)
            place = .envelope
        default:
            throw Fault("expected \(shape.whole), found \(described(byte))")
        }
    }

    private mutating func stepInEnvelope(_ byte: UInt8) throws(Fault) {
        try nesting.follow(byte)
        try envelope.append(byte, followedBy: nesting)
        if let begun = envelope.beginsList {
            list = begun
            listDepth = nesting.depth
            place = .beforeFirstElement
        } else if nesting.depth == 0 {
            place = .afterAnswer
        }
    }

    private mutating func endList(_ byte: UInt8) throws(Fault) {
        try nesting.follow(byte)
        if nesting.depth == 0 {
            place = .afterAnswer
        } else {
            try envelope.append(byte, followedBy: nesting)
            place = .envelope
        }
    }
}
