import RevmetaEngine
import RevmetaModel
import RevmetaTestSupport
import RevmetaPlugin
import Testing

@testable import RevmetaMySQL

@Suite struct PrivilegeTests {
    @Test func whatIsMissingIsNamed() async throws {
        let source = try Source("CREATE TABLE t (a int); CREATE TABLE u (a int)")
        let name = source.database.name
        try source.query("CREATE USER \(name)_w; GRANT SELECT, ALTER ON t TO \(name)_w; GRANT SELECT ON u TO \(name)_w")
        let session = try await source.session(as: "\(name)_w")
        let changes = [
            source.change("table", "t", to: "x"), source.change("column", "u", "a", to: "x"),
            source.change("schema", to: "x"),
            source.change("table", "gone", to: "x"),
        ]
        let found = try await session.check(changes)
        #expect(found.map(\.index) == [1, 2, 3])
        #expect(found.map(\.failure.status) == [.denied, .denied, .notFound])
        let grant = "GRANT ALTER ON `\(name)`.`u` TO '\(name)_w'@'%'"
        #expect(found[0].failure.message == "\(name)_w needs ALTER on table \(name).u: \(grant)")
        // Writing says the same, and the grant is what it takes.
        let execution = try await session.apply([changes[1]])
        #expect(execution.failures[0]?.status == .denied && execution.failures[0]?.message.hasSuffix(grant) == true)
        try source.query(grant)
        #expect(try await session.check([changes[1]]).isEmpty)
        try await session.applyAll([changes[1]])
    }

    @Test func aRolesGrantsCount() async throws {
        let source = try Source("CREATE TABLE t (a int)")
        let name = source.database.name
        try source.query(
            """
            CREATE USER \(name)_w; CREATE ROLE \(name)_r; GRANT ALTER ON \(name).* TO \(name)_r; GRANT \(name)_r TO \(name)_w;
            SET DEFAULT ROLE \(name)_r FOR \(name)_w
            """)
        let session = try await source.session(as: "\(name)_w")
        #expect(try await session.check([source.change("table", "t", to: "x")]).isEmpty)
        try await session.applyAll([source.change("table", "t", to: "x")])
    }

    @Test(arguments: [
        ("GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION", true),
        ("GRANT SELECT, INSERT, ALTER ON `shop`.* TO `u`@`%`", true),
        ("GRANT ALTER ON `shop`.`orders` TO `u`@`%`", true),
        ("GRANT ALTER ON `sh_p`.* TO `u`@`%`", true), ("GRANT ALTER ON `s%`.* TO `u`@`%`", true),
        ("GRANT ALTER ON `sh\\_p`.* TO `u`@`%`", false), ("GRANT ALTER ON `other`.* TO `u`@`%`", false),
        ("GRANT ALTER ON `shop`.`Orders` TO `u`@`%`", false), ("GRANT USAGE ON *.* TO `u`@`%`", false),
        ("GRANT ALTER ROUTINE ON `shop`.* TO `u`@`%`", false), ("GRANT `ALTER` TO `u`@`%`", false),
        ("GRANT SELECT (`ALTER`), INSERT ON `shop`.`orders` TO `u`@`%`", false),
        ("GRANT ALTER ON `shop`.`x` TO `ON`@`%`", false), ("", false),
    ])
    func aGrantIsRead(line: String, isEnough: Bool) {
        let missing = Grants(lines: [line]).missing(["ALTER"], for: .table(TableName("shop", "orders")))
        #expect(missing.isEmpty == isEnough)
    }

    @Test(arguments: [
        ("0", "", false, nil), ("OFF", "", false, nil), ("", "", false, nil), ("1", "", false, "read_only"),
        ("1", "", true, nil), ("NO_LOCK", "", true, nil), ("NO_LOCK_NO_ADMIN", "", true, "read_only"), ("1", "0", true, nil),
        ("1", "1", true, "super_read_only"), ("ON", "0", false, "read_only"),
    ] as [(String, String, Bool, String?)])
    func whatMakesAServerReadOnlyIsKnown(readOnly: String, superReadOnly: String, isPrivileged: Bool, found: String?) {
        #expect(ReadOnly.variable(readOnly: readOnly, superReadOnly: superReadOnly, isPrivileged: isPrivileged) == found)
    }

    @Test(arguments: [
        ("GRANT READ_ONLY ADMIN ON *.* TO `u`@`%`", true), ("GRANT ALTER, READ ONLY ADMIN ON *.* TO `u`@`%`", true),
        ("GRANT ALL PRIVILEGES ON *.* TO `u`@`%`", true), ("GRANT ALL PRIVILEGES ON `shop`.* TO `u`@`%`", false),
        ("GRANT SUPER ON *.* TO `u`@`%`", false), ("GRANT USAGE ON *.* TO `u`@`%`", false),
    ])
    func whoMayWriteToAReadOnlyServer(line: String, isPrivileged: Bool) throws {
        let grants = Grants(lines: [line])
        #expect(grants.holdEverywhere(ReadOnly.privileges(try Flavour(version: "10.11.19-MariaDB"))) == isPrivileged)
    }

    @Test func mySQLAsksForThree() throws {
        let needed = Grants.needed(try Flavour(version: "8.0.36"))
        let grants = Grants(lines: ["GRANT ALTER ON `shop`.* TO `u`@`%`", "GRANT INSERT ON `shop`.`orders` TO `u`@`%`"])
        #expect(grants.missing(needed, for: .table(TableName("shop", "orders"))) == ["CREATE"])
        #expect(grants.missing(needed, for: .schema(ExactText("shop"))) == ["CREATE", "INSERT"])
    }
}
