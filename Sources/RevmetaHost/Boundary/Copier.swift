internal import CRevmeta
internal import RevmetaModel

/// Copies what a plugin lends for the length of a call, and throws what the contract forbids.
///
/// A `size_t` comes as an Int, so a number too large for one is below 0 here.
struct Copier {
    let plugin: String

    func breach(_ what: String) -> Failure {
        .breach(by: plugin, what)
    }

    /// Nil: the text is absent.
    func text(_ lent: revmeta_str, of what: String) throws(Failure) -> String? {
        guard let start = lent.ptr else { return nil }
        guard lent.len >= 0 else { throw breach("gave \(what) of \(UInt(bitPattern: lent.len)) bytes") }
        let bytes = UnsafeRawBufferPointer(start: start, count: lent.len)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw breach("gave \(what) that is not UTF-8")
        }
        return text
    }

    /// Whether an index points into a list of so many items.
    func isValid(_ index: Int, in count: Int) -> Bool {
        (0..<count).contains(index)
    }

    /// A status other than OK.
    func status(_ status: revmeta_status) throws(Failure) -> Failure.Status {
        guard let known = Failure.Status(rawValue: status) else {
            throw breach("gave the status \(status), which does not exist")
        }
        return known
    }

    /// Why something failed.
    func failure(_ status: Failure.Status, _ details: UnsafePointer<revmeta_failure>?) throws(Failure) -> Failure {
        guard let details else { throw breach("gave the status \(status.rawValue) (\(status)) without a reason") }
        let size = details.pointee.struct_size
        guard size >= MemoryLayout<revmeta_failure>.size else {
            throw breach("gave a reason of \(size) bytes, where \(MemoryLayout<revmeta_failure>.size) are expected")
        }
        let lent = details.pointee
        guard let message = try text(lent.message, of: "a message") else {
            throw breach("gave a reason without a message")
        }
        return Failure(
            status, message, sqlState: try text(lent.sqlstate, of: "an SQLSTATE"), vendorCode: lent.vendor_code,
            retryAfterMilliseconds: lent.retry_after_ms, line: lent.line, column: lent.column)
    }
}
