internal import CRevmeta

/// A dialect that a template engine is given, which lives as long as the process: compiled templates keep it.
enum LentDialect {
    /// The texts of a dialect, in the order in which they cross; some may be absent.
    static var texts: [WritableKeyPath<revmeta_dialect, UnsafePointer<CChar>?>] {
        [
            \.name, \.identifier_open, \.identifier_close, \.literal_open, \.literal_close, \.list_open, \.list_close,
            \.list_separator, \.pair_open, \.pair_separator, \.pair_close, \.statement_end, \.script_begin, \.script_use,
        ]
    }

    static func forever(_ values: [String?], flags: UInt32, identifierMaxBytes: UInt32) -> UnsafePointer<revmeta_dialect> {
        let memory = UnsafeMutablePointer<revmeta_dialect>.allocate(capacity: 1)
        memory.initialize(to: revmeta_dialect())
        memory.pointee.struct_size = UInt32(MemoryLayout<revmeta_dialect>.size)
        memory.pointee.flags = flags
        memory.pointee.identifier_max_bytes = identifierMaxBytes
        for (place, value) in zip(texts, values) { memory.pointee[keyPath: place] = value.map(forever) }
        return UnsafePointer(memory)
    }

    private static func forever(_ text: String) -> UnsafePointer<CChar> {
        let bytes = text.utf8CString
        let memory = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        _ = UnsafeMutableBufferPointer(start: memory, count: bytes.count).initialize(from: bytes)
        return UnsafePointer(memory)
    }
}

extension FrameWriter {
    mutating func dialect(_ dialect: revmeta_dialect) {
        number(dialect.flags)
        number(dialect.identifier_max_bytes)
        for place in LentDialect.texts { text(dialect[keyPath: place].map { String(cString: $0) }) }
    }
}

/// What a dialect crosses as, so that two that are alike are kept once.
struct DialectKey: Hashable {
    var flags: UInt32
    var identifierMaxBytes: UInt32
    var texts: [String?]
}

extension FrameReader {
    mutating func dialect() throws(BrokenFrame) -> DialectKey {
        let flags = try number(UInt32.self), longest = try number(UInt32.self)
        var texts: [String?] = []
        for _ in LentDialect.texts { texts.append(try text()) }
        return DialectKey(flags: flags, identifierMaxBytes: longest, texts: texts)
    }
}
