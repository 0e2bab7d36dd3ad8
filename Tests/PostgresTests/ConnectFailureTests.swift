import RevmetaPlugin
import Testing

@testable import RevmetaPostgres

@Suite struct ConnectFailureTests {
    private func failure(_ report: String) -> Failure {
        ConnectFailure(report: report, place: "db:5432", user: "jo", database: "Shop").failure
    }

    @Test func theLastAttemptDecides() {
        let found = failure(
            """
            connection to server at "db" (::1), port 5432 failed: Connection refused
            connection to server at "db" (10.0.0.1) failed: FATAL:  28000: no pg_hba.conf entry for host
            LOCATION:  ClientAuthentication, auth.c:530
            connection to server at "db" (10.0.0.1) failed: FATAL:  28P01: password authentication failed for user "jo"
            LOCATION:  auth_failed, auth.c:326

            """)
        #expect(found.status == .denied && found.sqlState == "28P01")
        #expect(found.message.contains("db:5432 as jo") && !found.message.contains("LOCATION"))
    }

    @Test func anotherLanguagesWordIsNoObstacle() {
        let found = failure("Verbindung fehlgeschlagen: SCHWERWIEGEND:  3D000: Datenbank »Shop« existiert nicht")
        #expect(found.status == .notFound && found.message.contains("Shop"))
    }

    @Test(arguments: [
        ("FATAL:  57P03: the database system is starting up", Failure.Status.transient),
        ("FATAL:  53300: sorry, too many clients already", .transient),
        ("FATAL:  42501: permission denied for database \"Shop\"", .denied),
        ("could not translate host name \"db\" to address: Name or service not known", .transient),
        ("connection to server failed: server does not support SSL, but SSL was required", .config),
        ("FATAL:  XX000: something else", .failed),
    ])
    func eachReportHasAStatus(report: String, status: Failure.Status) {
        #expect(failure(report).status == status)
    }

    @Test func theCodeIsNotRepeatedInTheText() {
        let found = failure("failed: FATAL:  57P03: the database system is starting up\nLOCATION:  x\n")
        #expect(
            found.message == "could not connect to db:5432 as jo: failed: FATAL:  the database system is starting up")
    }
}
