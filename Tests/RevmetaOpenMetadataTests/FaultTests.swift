import Foundation
import RevmetaCatalog
import RevmetaModel
import RevmetaTestSupport
import Testing

@testable import RevmetaOpenMetadata

/// What goes wrong at a server, one thing at a time.
@Suite struct FaultTests {
    private let tables = "^/api/v1/tables"

    @Test(arguments: [429, 500, 502, 503, 504])
    func whatIsBusyIsAskedAgain(status: Int) async throws {
        let catalog = try TestCatalog.shop(tables: 5)
        try await catalog.server.fail(["path": tables, "fault": "status", "status": status, "times": 2, "skip": 1])
        let found = try await catalog.entities(settings: { $0.pageSize = 2 })
        #expect(found.count { $0.kind == .table } == 5)
        #expect(catalog.waits.all.count == 2)
        #expect(catalog.waits.all.allSatisfy { $0 >= .milliseconds(250) && $0 <= .seconds(1) })
    }

    @Test func whatIsBusyForGoodIsTold() async throws {
        let catalog = try TestCatalog.shop(tables: 1)
        try await catalog.server.fail(["path": tables, "fault": "status", "status": 503, "message": "Database is down"])
        let error = try #require(await catalog.failure())
        #expect(error.description == "\(catalog.server.address)/v1/tables: it answered with status 503 (it says: Database is down); "
            + "it was tried 3 times")
        #expect(error.mayPass)
        #expect(try await catalog.server.requests().all.filter { $0.path.hasPrefix("/api/v1/tables") }.count == 3)
    }

    @Test func theServerSaysHowLongToWait() async throws {
        let catalog = try TestCatalog.shop(tables: 1)
        try await catalog.server.fail([
            "path": tables, "fault": "status", "status": 429, "times": 1, "headers": ["Retry-After": "7"],
        ])
        _ = try await catalog.entities()
        #expect(catalog.waits.all.first == .seconds(7))
    }

    @Test func aServerThatAsksForTooMuchIsNotWaitedFor() async throws {
        let catalog = try TestCatalog.shop(tables: 1)
        try await catalog.server.fail([
            "path": tables, "fault": "status", "status": 503, "headers": ["Retry-After": "86400"],
        ])
        #expect(try #require(await catalog.failure()).mayPass)
        #expect(catalog.waits.all.isEmpty)
    }

    @Test(arguments: ["cut", "close"])
    func aConnectionThatEndsTooEarly(fault: String) async throws {
        let catalog = try TestCatalog.shop(tables: 5)
        try await catalog.server.fail(["path": tables, "fault": fault, "times": 1, "skip": 1])
        #expect(try await catalog.entities(settings: { $0.pageSize = 2 }).count { $0.kind == .table } == 5)
        try await catalog.server.fail(["path": tables, "fault": fault])
        let error = try #require(await catalog.failure())
        #expect(error.description == "\(catalog.server.address)/v1/tables: it closed the connection before its answer was whole; "
            + "it was tried 3 times")
    }

    @Test func aServerThatSaysNothing() async throws {
        let catalog = try TestCatalog.shop(tables: 1)
        try await catalog.server.fail(["path": tables, "fault": "hang"])
        let error = try #require(await catalog.failure(attempts: 2, settings: { $0.timeout = .seconds(1) }))
        #expect(error.failure.message == "it said nothing for 1 s (catalog.timeout); it was tried 2 times")
    }

    @Test(arguments: [
        ("<!DOCTYPE html><title>Sign in</title>", "expected JSON, found a page for people"),
        (" \n <html>", "expected JSON, found a page for people"),
        (#"{"data": [{"name": "t"}"#, "the answer ends within its list of entities"),
        (#"{"data": [{"name": "t"#, "the answer ends within the entity that starts here"),
        (#"{"data": [{"name": 1}]}"#, "data[0]: name: expected a text, found a number"),
        (#"{"data": [{"name": "t"}]}"#, "service.name: expected a name, found neither it nor a fullyQualifiedName"),
        (#"{"code": 200}"#, "found an object without a `data` array"),
        ("", "the answer is empty"), ("null", "expected a list answer"),
        ("{\"data\": [{\"name\": \"\u{FFFD}\"}], \"paging\": 1}", "paging"),
    ])
    func anAnswerThatIsNoList(body: String, expected: String) async throws {
        let catalog = try TestCatalog.shop(tables: 1)
        try await catalog.server.fail(["path": tables, "fault": "body", "body": body])
        let error = try #require(await catalog.failure())
        #expect(error.description.contains(expected), "\(error)")
        #expect(error.description.hasPrefix(catalog.server.address))
        #expect(!error.mayPass)
        #expect(catalog.waits.all.isEmpty)
    }

    @Test func aCursorThatLoops() async throws {
        let catalog = try TestCatalog.shop(tables: 5)
        try await catalog.server.fail(["path": tables, "fault": "loop"])
        let error = try #require(await catalog.failure(settings: { $0.pageSize = 2 }))
        #expect(error.failure.message.contains("tables in shop.d0.s0 begins again instead of ending"))
        try await catalog.server.endFaults()
        try await catalog.server.fail(["path": "databaseServices", "fault": "loop"])
        #expect(try #require(await catalog.failure()).failure.message.contains("databaseServices begins again"))
    }

    @Test func aTokenThatIsNotAccepted() async throws {
        let catalog = try TestCatalog.shop(tables: 1, options: ["--token", "the.right.one"])
        let error = try #require(await catalog.failure())
        #expect(error.description.contains("it does not accept the token (it says: Token has been invalidated or is not valid)"))
        #expect(error.description.contains("catalog.securityConfig.jwtToken"))
        #expect(!error.description.contains("a.b.c"))
        #expect(try #require(await catalog.failure(settings: { $0.token = nil })).description.contains("Token not present"))
        #expect(await catalog.failure(settings: { $0.token = Secret("the.right.one") }) == nil)
    }

    @Test func aPermissionThatTheBotLacks() async throws {
        let catalog = try TestCatalog.shop(tables: 1)
        try await catalog.server.fail([
            "path": tables, "fault": "status", "status": 403,
            "message": "Principal: CatalogPrincipal{name='revmeta-bot'} operations [ViewBasic] not allowed",
        ])
        let error = try #require(await catalog.failure())
        #expect(error.failure.status == .denied)
        #expect(error.failure.message.contains("the token may not read tables in shop.d0.s0"))
        #expect(error.failure.message.hasSuffix("a policy that allows ViewBasic on table"))
    }

    @Test(arguments: [("2.0.7", "it is OpenMetadata 2.0.7"), ("0.13.3", "it is OpenMetadata 0.13.3"), ("next", "expected OpenMetadata's version")])
    func anotherMajorVersion(version: String, expected: String) async throws {
        let catalog = try TestCatalog.shop(tables: 1, options: ["--version", version])
        let error = try #require(await catalog.failure())
        #expect(error.description.contains(expected))
        #expect(error.failure.status == .config)
    }

    @Test func anAddressWithoutAnInterface() async throws {
        let catalog = try TestCatalog.shop(tables: 1)
        let error = try #require(await catalog.failure(settings: { $0.address += "/elsewhere" }))
        #expect(error.description.contains("there is no OpenMetadata here: set catalog.hostPort"))
    }

    @Test func nobodyListens() async throws {
        let catalog = try TestCatalog.shop(tables: 1)
        let error = try #require(await catalog.failure(settings: { $0.address = "http://127.0.0.1:1/api" }))
        #expect(error.failure.message == "the connection failed: Connection refused; it was tried 3 times")
        #expect(error.mayPass)
        #expect(catalog.waits.all.count == 2)
    }

    @Test func aServerThatSendsCallersOn() async throws {
        let catalog = try TestCatalog.shop(tables: 1)
        try await catalog.server.fail([
            "path": "version", "fault": "status", "status": 302, "headers": ["Location": "https://elsewhere.example.com/"],
        ])
        let error = try #require(await catalog.failure())
        #expect(error.failure.message.contains("it sends callers on to https://elsewhere.example.com/"))
    }

    /// What was read before it failed must not pass for all there is.
    @Test func aListThatFailsInTheMiddleIsThrown() async throws {
        let catalog = try TestCatalog.shop(databases: 2, tables: 10)
        try await catalog.server.fail(["path": "tables.*databaseSchema=shop.d1.s0", "fault": "status", "status": 400, "skip": 2])
        try await catalog.with(settings: { $0.pageSize = 2 }) { server in
            var seen = 0
            await #expect(throws: CatalogServerError.self) {
                for try await batch in server.batches(CatalogReach(everything)) { seen += batch.count }
            }
            #expect(seen > 10)
        }
    }

    @Test func aReaderThatStopsLeavesNothingBehind() async throws {
        let catalog = try TestCatalog.shop(tables: 50)
        try await catalog.with(settings: { $0.pageSize = 1 }) { server in
            for try await batch in server.batches(CatalogReach(everything)) where batch[0].kind == .table { break }
        }
        let count = try await catalog.server.requests().all.count
        #expect(count < 15)
    }
}
