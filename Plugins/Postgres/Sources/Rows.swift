import CLibpq
import Glibc

/// The rows of one answered query.
final class Rows {
    private let result: OpaquePointer
    let count: Int

    /// Takes over the result, and frees it in the end.
    init(taking result: OpaquePointer) {
        self.result = result
        count = Int(PQntuples(result))
    }

    deinit {
        PQclear(result)
    }

    /// Nil: SQL's NULL.
    func text(_ row: Int, _ column: Int32) -> String? {
        guard let bytes = bytes(row, column) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A whole number that is not negative.
    func integer(_ row: Int, _ column: Int32) -> Int {
        guard let bytes = bytes(row, column) else { return 0 }
        return bytes.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    func isTrue(_ row: Int, _ column: Int32) -> Bool {
        bytes(row, column)?.first == UInt8(ascii: "t")
    }

    /// Whether a field is a text, byte for byte; makes no string of it.
    func holds(_ row: Int, _ column: Int32, _ text: String) -> Bool {
        guard let bytes = bytes(row, column), let start = bytes.baseAddress else { return false }
        return text.withBytes { $0.count == bytes.count && memcmp($0.baseAddress!, start, bytes.count) == 0 }
    }

    private func bytes(_ row: Int, _ column: Int32) -> UnsafeBufferPointer<UInt8>? {
        let row = Int32(truncatingIfNeeded: row)
        guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else { return nil }
        let length = Int(PQgetlength(result, row, column))
        return UnsafeBufferPointer(start: UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self), count: length)
    }
}

extension ServerError {
    /// What a failed result says.
    init(_ result: OpaquePointer) {
        // libpq's PG_DIAG_… are character constants, which Swift does not import.
        func field(_ code: Unicode.Scalar) -> String? {
            PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) }
        }
        self.init(
            sqlState: field("C") ?? "", message: field("M") ?? String(cString: PQresultErrorMessage(result)),
            detail: field("D"), hint: field("H"))
    }
}
