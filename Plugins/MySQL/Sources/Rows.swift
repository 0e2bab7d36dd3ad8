import CLibmariadb

/// The rows of one answered query.
final class Rows {
    private let result: UnsafeMutablePointer<MYSQL_RES>?
    private(set) var count = 0
    private var row: MYSQL_ROW?
    private var lengths: UnsafeMutablePointer<UInt>?

    /// Takes over the result, and frees it in the end; nil: the statement gives none.
    init(taking result: UnsafeMutablePointer<MYSQL_RES>?) {
        self.result = result
        if let result { count = Int(mysql_num_rows(result)) }
    }

    deinit {
        if let result { mysql_free_result(result) }
    }

    /// Goes to the next row, at first to the first.
    func next() -> Bool {
        guard let result, let row = mysql_fetch_row(result) else { return false }
        self.row = row
        lengths = mysql_fetch_lengths(result)
        return true
    }

    /// A field of the current row; nil: SQL's NULL.
    func text(_ column: Int) -> String? {
        field(column).map { String(decoding: $0, as: UTF8.self) }
    }

    /// A field of the current row that may hold more than text.
    func bytes(_ column: Int) -> [UInt8]? {
        field(column).map(Array.init)
    }

    private func field(_ column: Int) -> UnsafeRawBufferPointer? {
        guard let row, let lengths, let start = row[column] else { return nil }
        return UnsafeRawBufferPointer(start: start, count: Int(lengths[column]))
    }
}
