internal import CRevmeta
internal import Glibc

// Lends Swift values to C for the length of a call. With Tables.swift, all of the kit's unsafe pointers.

/// Lends a text; nil becomes absent. An empty text keeps a pointer, so that it stays empty and not absent.
func withText<Result>(_ text: String?, _ body: (revmeta_str) -> Result) -> Result {
    guard var text else { return body(revmeta_str(ptr: nil, len: 0)) }
    return text.withUTF8 { bytes in
        guard let start = bytes.baseAddress, bytes.count > 0 else {
            return withUnsafePointer(to: CChar(0)) { body(revmeta_str(ptr: $0, len: 0)) }
        }
        return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
            body(revmeta_str(ptr: $0, len: bytes.count))
        }
    }
}

/// Lends texts that lie behind each other: one piece of memory for all of them.
func withTexts<Result>(_ texts: [String], _ body: (revmeta_strs) -> Result) -> Result {
    if texts.count == 1 {
        return withText(texts[0]) { text in
            withUnsafePointer(to: text) { body(revmeta_strs(items: $0, count: 1)) }
        }
    }
    // A byte more, so that empty texts have an address too.
    let bytes: [CChar] = texts.flatMap { text in text.utf8.map { CChar(bitPattern: $0) } } + [0]
    return bytes.withUnsafeBufferPointer { bytes in
        var start = 0
        let lent = texts.map { text in
            defer { start += text.utf8.count }
            return revmeta_str(ptr: bytes.baseAddress.map { $0 + start }, len: text.utf8.count)
        }
        return lent.withUnsafeBufferPointer { body(revmeta_strs(items: $0.baseAddress, count: $0.count)) }
    }
}

func withIndexes<Result>(_ indexes: [Int], _ body: (UnsafePointer<Int>?, Int) -> Result) -> Result {
    indexes.withUnsafeBufferPointer { body($0.baseAddress, $0.count) }
}

func withIndex<Result>(_ index: Int, _ body: (UnsafePointer<Int>?, Int) -> Result) -> Result {
    withUnsafePointer(to: index) { body($0, 1) }
}

func withFailure<Result>(_ failure: Failure, _ body: (UnsafePointer<revmeta_failure>) -> Result) -> Result {
    withText(failure.message) { message in
        withText(failure.sqlState) { state in
            var details = revmeta_failure()
            details.struct_size = UInt32(MemoryLayout<revmeta_failure>.size)
            details.vendor_code = failure.vendorCode
            details.retry_after_ms = failure.retryAfterMilliseconds
            details.line = failure.line
            details.column = failure.column
            details.message = message
            details.sqlstate = state
            return withUnsafePointer(to: details, body)
        }
    }
}

extension String {
    /// Copies a lent text; nil if it is absent.
    init?(lent text: revmeta_str) {
        guard let start = text.ptr else { return nil }
        self.init(decoding: UnsafeRawBufferPointer(start: start, count: text.len), as: UTF8.self)
    }

    /// Whether one of its bytes is this one, at the speed of the C library.
    package func holds(_ byte: UInt8) -> Bool {
        var text = self
        return text.withUTF8 { bytes in
            bytes.baseAddress.map { memchr($0, Int32(byte), bytes.count) != nil } ?? false
        }
    }
}

/// A lent array, whose elements stand further apart than ours do if the sender's are larger.
struct Lent<Element>: Sequence {
    let count: Int
    var underestimatedCount: Int { count }
    private let start: UnsafeRawPointer?
    private let stride: Int

    init(_ items: UnsafePointer<Element>?, count: Int, stride: Int) {
        start = items.map { UnsafeRawPointer($0) }
        self.count = items == nil ? 0 : count
        self.stride = stride
    }

    subscript(index: Int) -> Element {
        guard let start, (0..<count).contains(index) else { preconditionFailure("element \(index) of \(count)") }
        return (start + index * stride).loadUnaligned(as: Element.self)
    }

    func makeIterator() -> Iterator {
        Iterator(elements: self)
    }

    struct Iterator: IteratorProtocol {
        fileprivate let elements: Lent
        private var upcoming = 0

        fileprivate init(elements: Lent) {
            self.elements = elements
        }

        mutating func next() -> Element? {
            guard upcoming < elements.count else { return nil }
            defer { upcoming += 1 }
            return elements[upcoming]
        }
    }
}

func texts(_ items: UnsafePointer<revmeta_str>?, _ count: Int) -> [String] {
    UnsafeBufferPointer(start: items, count: items == nil ? 0 : count).map { String(lent: $0) ?? "" }
}

extension Entity {
    init(_ lent: revmeta_entity) {
        self.init(kind: String(lent: lent.kind) ?? "", path: texts(lent.path, lent.path_count))
    }
}

extension Change {
    init(_ lent: revmeta_change) {
        self.init(
            kind: String(lent: lent.kind) ?? "", path: texts(lent.path, lent.path_count),
            attribute: String(lent: lent.attribute) ?? "", before: String(lent: lent.before),
            value: String(lent: lent.value), channel: String(lent: lent.channel))
    }
}

extension Statement {
    init(_ lent: revmeta_statement) {
        self.init(
            text: String(lent: lent.text) ?? "",
            changes: Array(UnsafeBufferPointer(start: lent.changes, count: lent.change_count)),
            guardText: String(lent: lent.guard), parts: texts(lent.parts.items, lent.parts.count))
    }
}

/// The host's call object, reached through its pointer since it may be larger than the kit knows.
struct CallTable {
    private let pointer: UnsafePointer<revmeta_call>

    init(_ pointer: UnsafePointer<revmeta_call>) {
        self.pointer = pointer
    }

    var deadline: Int64 { pointer.pointee.deadline_ns }
    var logLevel: Int32 { pointer.pointee.log_level }
    var label: String? { String(lent: pointer.pointee.label) }
    var isCancelled: Bool { pointer.pointee.cancelled(pointer) != 0 }

    func log(_ level: Int32, _ text: String) {
        withText(text) { pointer.pointee.log(pointer, level, $0) }
    }

    func fail(_ failure: Failure) {
        withFailure(failure) { pointer.pointee.fail(pointer, $0) }
    }
}
