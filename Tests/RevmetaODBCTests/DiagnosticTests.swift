import RevmetaODBC
import RevmetaPlugin
import Testing

struct DiagnosticTests {
    @Test
    func whoSaidItIsLeftOut() {
        let record = Diagnostic(
            sqlState: "HY000", message: "[unixODBC][Driver Manager] Can't open lib :\n  file [1] not found \n")
        #expect(record.sentence == "Can't open lib : file [1] not found")
    }

    @Test
    func allRecordsAreToldEachOnce() {
        let error = ODBCError(records: [
            Diagnostic(sqlState: "01000", message: "[a]first"), Diagnostic(sqlState: "28000", vendorCode: 7, message: "second"),
            Diagnostic(sqlState: "01000", message: "[b][c] first"), Diagnostic(sqlState: "01000", message: ""),
        ])
        #expect(error.sentence == "first; second")
        #expect(error.status == .denied)
        #expect(error.failure(of: "connecting").message == "connecting: first; second")
        #expect(ODBCError(records: []).sentence == "the driver told no reason")
    }

    @Test(arguments: [
        ("IM002", Failure.Status.config), ("28000", .denied), ("42501", .denied), ("42S02", .notFound), ("3D000", .notFound),
        ("08001", .transient), ("HYT00", .transient), ("40001", .transient), ("57P01", .transient), ("HY000", .failed),
        ("42000", .failed), ("23505", .failed),
    ])
    func whoMustActFollowsFromTheSQLState(_ state: String, _ status: Failure.Status) {
        #expect(ODBCError(records: [Diagnostic(sqlState: state, message: "")]).status == status)
    }
}
