import Foundation
import RevmetaEngine
import RevmetaModel
import RevmetaTestWaiting
import Testing

@testable import RevmetaHost

/// A session lives on one OS thread, and leaves nothing behind.
@Suite struct ThreadTests {
    private let folder: PluginFolder

    init() throws {
        folder = try PluginFolder()
        try folder.install("healthy")
    }

    private static let database = Entity(kind: .database, path: EntityPath(["shop"]))

    private func ask(_ session: any ConnectorSession, _ what: String) async throws -> String? {
        guard case .known(let answer)? = try await session.read([Self.database], attributes: [.tag(what)]).first?.value
        else { return nil }
        return answer
    }

    @Test func everyCallComesFromTheThreadThatOpened() async throws {
        let file = folder.path + "/session"
        let session = try await folder.host().open(PluginFolder.service(of: "healthy", ["file": file]), database: nil)
        let change = Change(kind: "table", path: Self.database.path, attribute: .description, before: nil, value: "x")
        await withTaskGroup { group in
            for _ in 0..<40 {
                group.addTask {
                    _ = try? await session.abilities()
                    _ = try? await session.read([Self.database], attributes: [.description])
                    _ = try? await session.plan([change])
                    _ = try? await session.check([change])
                    _ = await session.execute([Statement(text: "NOTE", changes: [0])], of: [change])
                }
            }
        }
        #expect(try await ask(session, "visits") == "201")
        #expect(try await ask(session, "strays") == "0")
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "open\n")
        await session.close()
        // Which the plugin writes if close came from that thread too.
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "open\nclosed\n")
    }

    @Test func twoSessionsWorkAtOnce() async throws {
        let host = folder.host(), service = PluginFolder.service(of: "healthy")
        let first = try await host.open(service, database: nil), second = try await host.open(service, database: nil)
        async let one = ask(first, "meet")
        async let other = ask(second, "meet")
        #expect(try await [one, other] == ["met", "met"])
        #expect(try await ask(first, "thread") != ask(second, "thread"))
        await first.close()
        await second.close()
    }

    @Test func twoHundredSessionsLeaveNoThreadAndNoFile() async throws {
        let host = folder.host()
        var threads: Set<String> = []
        for number in 0..<200 {
            let service = PluginFolder.service(of: "healthy", ["file": "\(folder.path)/\(number)"])
            let session = try await host.open(service, database: nil)
            if let thread = try await ask(session, "thread") { threads.insert(thread) }
            await session.close()
        }
        #expect(threads.count == 200)
        // A thread ends a moment after its session.
        try await eventually("its threads are gone") { try runningThreads().isDisjoint(with: threads) }
        #expect(openFiles(in: folder.path).isEmpty)
    }

    @Test func sessionsThatFailToOpenLeaveNoThread() async throws {
        let host = folder.host(), before = try runningThreads().count
        let service = PluginFolder.service(of: "healthy", ["status": "4", "message": "no"])
        for _ in 0..<200 {
            await #expect(throws: Failure(
                .denied, "no", sqlState: "28P01", vendorCode: 1045, retryAfterMilliseconds: 1500, line: 7, column: 9)
            ) {
                try await host.open(service, database: nil)
            }
        }
        // Other tests start and end threads meanwhile, by far fewer than two hundred.
        try await eventually("its threads are gone") { try runningThreads().count < before + 100 }
    }

    @Test func lookingAtLibrariesLeavesNoFileOpen() async throws {
        let found = try #require(folder.directory.plugins.first)
        let host = folder.host()
        for _ in 0..<200 { _ = try await host.load(found) }
        try Data("no library".utf8).write(to: URL(filePath: folder.path + "/healthy/other.so"))
        var broken = found
        broken.libraryPath = folder.path + "/healthy/other.so"
        for _ in 0..<200 { await #expect(throws: PluginProblem.self) { try await host.load(broken) } }
        #expect(openFiles(in: folder.path).isEmpty)
    }

    private func runningThreads() throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task"))
    }

    private func openFiles(in folder: String) -> [String] {
        let files = FileManager.default
        let open = (try? files.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return open.compactMap { try? files.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)") }
            .filter { $0.hasPrefix(folder) }
    }
}
