import Foundation
import RevmetaEngine
import RevmetaModel
import RevmetaTestSupport
import Testing

struct ConnectTests {
    private func failure(_ account: Account, _ settings: [String: String]) async -> Failure? {
        await #expect(throws: Failure.self) { _ = try await account.session(settings) }
    }

    @Test
    func aTokenAndAKeyLetIn() async throws {
        let account = try Account()
        try account.standIn.addToken("the-token", for: "REVMETA")
        try await account.session(["password": "", "token": "the-token"]).close()

        try account.admin("ALTER USER REVMETA SET RSA_PUBLIC_KEY = 'x'")
        let plain = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n"
        try await account.session(["password": "", "privateKey": plain]).close()
        let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n"
        try await account.session([
            "password": "", "privateKey": encrypted, "snowflakePrivatekeyPassphrase": "semi;colon} }=",
        ]).close()
        let file = FileManager.default.temporaryDirectory.appending(path: "rmsf-key-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(plain.utf8).write(to: file)
        try await account.session(["password": "", "privateKey": file.path]).close()
    }

    @Test
    func whoIsNotLetInIsTold() async throws {
        let account = try Account()
        let wrong = await failure(account, ["password": "not the h0rse"])
        #expect(wrong?.status == .denied)
        #expect(wrong?.message.contains("h0rse") == false)
        #expect(wrong?.message.contains("myorg-account") == true)
        #expect(await failure(account, ["role": "STRANGER"])?.status == .denied)
        let driver = await failure(account, ["driver": "No Such Driver"])
        #expect(driver?.status == .config)
        #expect(driver?.message.contains("the name that odbcinst -q -d lists") == true, "\(driver?.message ?? "")")
    }

    @Test(arguments: [
        (["password": ""], "give one of the settings password, privateKey and token; found none"),
        (["token": "t"], "found password and token"), (["connectionOptions": "x"], "'connectionOptions' must be written as"),
        (["account": "https://myorg-account"], "'account' must be the account's identifier alone"),
        (["account": "xy1.eu-central-1.snowflakecomputing.com"], "'account' must be the account's identifier alone"),
        (["parallelism": "0"], "'parallelism' must be a whole number from 1 to 32"), (["createTags": "yes"], "'createTags'"),
        (["tagSource": "other"], "'tagSource' must be one of references, accountUsage"),
        (["accountUsageSchema": "X"], "'accountUsageSchema' must be a database and a schema"),
        (["password": "", "privateKey": "/nowhere/key"], "'privateKey' names a file that cannot be read"),
    ])
    func aWrongSettingIsNamed(_ settings: [String: String], _ message: String) async throws {
        let failure = await failure(try Account(), settings)
        #expect(failure?.status == .config)
        #expect(failure?.message.contains(message) == true, "\(failure?.message ?? "")")
    }

    @Test
    func aWarehouseIsNeeded() async throws {
        let failure = await failure(try Account(), ["warehouse": "NOTHING"])
        #expect(failure?.status == .config || failure?.status == .denied || failure?.status == .notFound, "\(String(describing: failure))")
    }

    /// A source that does not answer while it is connected to costs no more than `connectTimeout`.
    @Test
    func whoDoesNotAnswerIsNotWaitedFor() async throws {
        let account = try Account()
        try account.standIn.plan(.stall, containing: "CONNECT")
        let failure = await failure(account, ["connectTimeout": "1"])
        #expect(failure?.status == .transient)
    }

    /// Where Snowflake allows one session only, that one does everything.
    @Test
    func fewerConnectionsThanAskedForAreEnough() async throws {
        let account = try Account(), session = try await account.session(["parallelism": "8"])
        let tables = (1...40).map { "T\($0)" }
        try account.own(tables.map { "CREATE TABLE SHOP.SALES.\($0) (A INT)" })
        try account.standIn.plan(.fail(code: 390_102, sqlState: "08004", message: "too many sessions"), containing: "CONNECT", times: 1000)
        try await session.applyAll(tables.map { change("table", $0, to: $0) })
        await session.close()
    }
}
