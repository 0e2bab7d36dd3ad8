import CODBC

extension ODBCError {
    /// Takes every record that a handle has of its last call.
    init(_ type: Int32, _ handle: SQLHANDLE?, _ form: TextForm) {
        var records: [Diagnostic] = []
        // A driver without end would say the same for ever.
        while records.count < 32, let next = Self.record(type, handle, form, number: records.count + 1) {
            records.append(next)
        }
        self.init(records: records)
    }

    private static func record(
        _ type: Int32, _ handle: SQLHANDLE?, _ form: TextForm, number: Int
    ) -> Diagnostic? {
        switch form {
        case .wide:
            var state = [SQLWCHAR](repeating: 0, count: 6), code = SQLINTEGER(0)
            guard
                let message = text(SQLWCHAR(0), { buffer, capacity, length in
                    SQLGetDiagRecW(
                        SQLSMALLINT(type), handle, SQLSMALLINT(number), &state, &code, buffer, capacity, length)
                })
            else { return nil }
            return Diagnostic(
                sqlState: String(decoding: state.prefix { $0 != 0 }, as: UTF16.self), vendorCode: code,
                message: String(decoding: message, as: UTF16.self))
        case .utf8:
            var state = [SQLCHAR](repeating: 0, count: 6), code = SQLINTEGER(0)
            guard
                let message = text(SQLCHAR(0), { buffer, capacity, length in
                    SQLGetDiagRec(
                        SQLSMALLINT(type), handle, SQLSMALLINT(number), &state, &code, buffer, capacity, length)
                })
            else { return nil }
            return Diagnostic(
                sqlState: String(decoding: state.prefix { $0 != 0 }, as: UTF8.self), vendorCode: code,
                message: String(decoding: message, as: UTF8.self))
        }
    }

    /// A message whole: asked for again if it was longer than the place for it.
    private static func text<Unit: FixedWidthInteger>(
        _ zero: Unit,
        _ ask: (UnsafeMutablePointer<Unit>, SQLSMALLINT, UnsafeMutablePointer<SQLSMALLINT>) -> SQLRETURN
    ) -> ArraySlice<Unit>? {
        var capacity = 1024
        while true {
            var buffer = [Unit](repeating: zero, count: capacity), length = SQLSMALLINT(0)
            guard succeeded(ask(&buffer, SQLSMALLINT(capacity), &length)) else { return nil }
            if Int(length) >= capacity, capacity < Int(SQLSMALLINT.max) {
                capacity = min(Int(length) + 1, Int(SQLSMALLINT.max))
                continue
            }
            // Some drivers count bytes where they should count characters: the terminator is what holds.
            return buffer.prefix { $0 != 0 }
        }
    }
}
