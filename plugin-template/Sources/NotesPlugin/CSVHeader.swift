/// The columns that the first record of a CSV file names. Takes bytes only until that record ends.
struct CSVHeader {
    /// A longer record is no header but some other kind of file.
    static let maxLength = 1 << 20

    private enum Place {
        case start, plain, quoted, quoteInQuoted
    }

    /// How often each name stands in the header, as bytes: a header need not be UTF-8.
    private(set) var counts: [[UInt8]: Int] = [:]
    private(set) var isComplete = false
    private(set) var isTooLong = false

    private var field: [UInt8] = []
    private var isFirstField = true
    private var place = Place.start
    private var length = 0

    /// Takes a block of the file. False: no more is needed.
    mutating func take(_ bytes: ArraySlice<UInt8>) -> Bool {
        for byte in bytes {
            take(byte)
            if isComplete || isTooLong { return false }
        }
        return true
    }

    /// Takes the end of the file.
    mutating func finish() {
        if !isComplete { endField() }
        isComplete = true
    }

    private mutating func take(_ byte: UInt8) {
        length += 1
        isTooLong = length > CSVHeader.maxLength
        switch (place, byte) {
        case (.start, UInt8(ascii: "\"")), (.quoteInQuoted, UInt8(ascii: "\"")):
            if place == .quoteInQuoted { field.append(byte) }
            place = .quoted
        case (.quoted, UInt8(ascii: "\"")):
            place = .quoteInQuoted
        case (.quoted, _):
            field.append(byte)
        case (_, UInt8(ascii: ",")):
            endField()
        case (_, .newline), (_, .carriageReturn):
            endField()
            isComplete = true
        default:
            field.append(byte)
            place = .plain
            dropByteOrderMark()
        }
    }

    private mutating func dropByteOrderMark() {
        guard isFirstField && field == [0xEF, 0xBB, 0xBF] else { return }
        field = []
        place = .start
    }

    /// A column without a name cannot be spoken of.
    private mutating func endField() {
        if !field.isEmpty { counts[field, default: 0] += 1 }
        field = []
        isFirstField = false
        place = .start
    }
}
