import RevmetaPlugin
import Testing

@Suite struct HostPortTests {
    @Test(arguments: [
        ("db.example.com:5432", "db.example.com", "5432"), ("[::1]:5433", "::1", "5433"), ("[::1]", "::1", nil),
        ("db", "db", nil), ("/run/postgresql", "/run/postgresql", nil),
        ("/run/postgresql:5433", "/run/postgresql", "5433"),
    ] as [(String, String, String?)])
    func aPlaceIsRead(text: String, host: String, port: String?) throws {
        let place = try HostPort(text)
        #expect(place.host == host && place.port == port)
    }

    @Test(arguments: ["::1", "a:b:5432", "db:", "db:x", "db:65536", "[::1", "[::1]5432", ":5432"])
    func whatIsNoPlaceIsRefused(text: String) {
        #expect(throws: Failure.self) { try HostPort(text) }
    }
}
