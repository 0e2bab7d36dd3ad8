import Foundation
import RevmetaCatalog
import RevmetaModel
import Testing

@testable import RevmetaOpenMetadata

/// The decisions, without a server.
@Suite struct PartsTests {
    @Test(arguments: [
        ("7", 7000), (" 7 ", 7000), ("0", 0), ("", 0), ("soon", 0), ("-1", 0), ("99999999999", 0), ("4294968", .max),
        ("Wed, 21 Oct 2015 07:28:30 GMT", 30000), ("Wed, 21 Oct 2015 07:27:00 GMT", 0), ("Wed, 21 Okt 2015 07:28:30 GMT", 0),
    ] as [(String, UInt32)])
    func retryAfterIsSecondsOrADate(header: String, milliseconds: UInt32) {
        // Wed, 21 Oct 2015 07:28:00 GMT.
        let now = Date(timeIntervalSince1970: 1_445_412_480)
        #expect(RetryAfter.milliseconds(header, now: now) == milliseconds)
        #expect(RetryAfter.milliseconds(nil, now: now) == 0)
    }

    @Test func versionsAreReadAsFarAsTheyMatter() {
        #expect(ServerVersion("1.13.0")?.minor == 13)
        #expect(ServerVersion("1.12.0-SNAPSHOT")?.major == 1)
        #expect(ServerVersion("2.0.7")?.major == 2)
        for text in ["", "1", "x.y", "1.x", "v1.2"] { #expect(ServerVersion(text) == nil) }
    }

    @Test func eachReleaseIsAskedInItsOwnWords() throws {
        func fields(_ version: String, everything: Bool = true) throws -> String? {
            RequestedFields(owners: true, tags: false, everything: everything, version: try #require(ServerVersion(version)))
                .text(for: .tables)
        }
        #expect(try fields("1.13.0") == "columns,owners,tags,domains,dataProducts,extension,followers,certification")
        #expect(try fields("1.8.2") == "columns,owners,tags,domain,dataProducts,extension,followers,certification")
        #expect(try fields("1.4.0") == "columns,owner,tags,domain,dataProducts,extension,followers")
        #expect(try fields("1.13.0", everything: false) == "columns,owners")
    }

    @Test func aProxyIsAnAddress() throws {
        let full = try #require(ProxyAddress("http://me:s%40cret@proxy.example.com:8080"))
        #expect(full.host == "proxy.example.com")
        #expect(full.port == 8080)
        #expect(full.user?.name == "me")
        #expect(full.user?.password == "s@cret")
        #expect(ProxyAddress("http://proxy")?.port == 3128)
        #expect(ProxyAddress("http://[::1]:3128")?.host == "::1")
        for text in ["", "proxy:3128", "https://proxy", "socks5://proxy", "http://"] { #expect(ProxyAddress(text) == nil) }
    }

    @Test func aPageStreamKeepsTheOrderOfItsLists() async throws {
        // The later the list, the sooner it answers.
        let lists = Array(0..<6)
        let stream = PageStream<Int, String>(lists, limit: 3) { list, cursor in
            for _ in 0..<(10 - list) { await Task.yield() }
            let page = cursor.flatMap { Int($0) } ?? 0
            return PageStream.Page(
                content: Task { "\(list).\(page)" }, cursor: page < list % 3 ? "\(page + 1)" : nil)
        } looping: { _ in CancellationError() }
        var found: [String] = []
        while let (_, content) = try await stream.next() { found.append(content) }
        #expect(found == ["0.0", "1.0", "1.1", "2.0", "2.1", "2.2", "3.0", "4.0", "4.1", "5.0", "5.1", "5.2"])
    }
}
