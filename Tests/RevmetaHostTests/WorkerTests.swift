import Foundation
import RevmetaEngine
import RevmetaModel
import RevmetaRelease
import RevmetaTestWaiting
import Testing

@testable import RevmetaHost

/// The processes that plugins run in.
@Suite struct WorkerTests {
    private let folder: PluginFolder

    init() throws {
        folder = try PluginFolder()
        try folder.install("healthy")
    }

    @Test func fiveHundredLeaveNeitherProcessNorFile() async throws {
        let found = try #require(folder.directory.plugins.first)
        let host = folder.host(PluginFolder.worker)
        let before = try openSockets()
        for _ in 0..<500 {
            #expect(try await host.load(found).dialect?.name == "notes")
        }
        // Other tests have workers and sockets meanwhile, but by far fewer.
        try await eventually("they are gone") { try openSockets() < before + 200 && workers().count < 100 }
    }

    @Test func itHoldsNothingOfTheHostsOpen() async throws {
        let secret = try FileHandle(forReadingFrom: URL(filePath: "/etc/passwd"))
        // As a library would open it that thinks of no other process.
        _ = fcntl(secret.fileDescriptor, F_SETFD, 0)
        let host = folder.host(PluginFolder.worker)
        let session = try await host.open(PluginFolder.service(of: "healthy"), database: nil)
        func files() throws -> [String] {
            try workers().flatMap { worker in
                (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(worker)/fd").compactMap {
                    try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(worker)/fd/\($0)")
                }) ?? []
            }
        }
        // Another test's worker may be about to start, and has not let go yet.
        try await eventually("none of them holds it") {
            let files = try files()
            return !files.isEmpty && !files.contains("/etc/passwd")
        }
        await session.close()
        withExtendedLifetime(secret) {}
    }

    @Test func aMissingProgramIsNamed() async throws {
        let found = try #require(folder.directory.plugins.first)
        let problem = await #expect(throws: PluginProblem.self) {
            try await folder.host(.worker(program: "/nowhere/revmeta-worker")).load(found)
        }
        #expect(problem?.description == """
            no worker can be started for it: /nowhere/revmeta-worker does not start: No such file or directory
            """)
    }

    @Test func aProgramThatIsNoneIsTold() async throws {
        let found = try #require(folder.directory.plugins.first)
        let problem = await #expect(throws: PluginProblem.self) {
            try await folder.host(.worker(program: "/bin/false")).load(found)
        }
        #expect(problem?.description == "the plugin org.example.healthy ended its process with exit code 1")
    }

    /// As after an upgrade under a running server: what is started then is not the worker that it came with.
    @Test func aWorkerOfAnotherReleaseIsTold() async throws {
        guard case .worker(let program) = PluginFolder.worker else { return }
        let other = folder.path + "/started-by-another-release"
        #expect(FileManager.default.createFile(
            atPath: other, contents: Data("#!/bin/sh\nexec '\(program)' 99.1\n".utf8), attributes: [.posixPermissions: 0o755]))
        let found = try #require(folder.directory.plugins.first)
        let problem = await #expect(throws: PluginProblem.self) {
            try await folder.host(.worker(program: other)).load(found)
        }
        #expect(problem?.description == """
            the plugin org.example.healthy ended its process with exit code 2. It said last: this revmeta-worker is of revmeta \
            \(Release.version), and was started by revmeta 99.1: if revmeta was upgraded while it ran, start it again; \
            otherwise install it again
            """)
    }

    /// The first end may be chance, so it is worth another try; the second is not.
    @Test func anEndIsTransientOnceOnly() async throws {
        let host = folder.host(PluginFolder.worker)
        let service = PluginFolder.service(of: "healthy")
        for status in [Failure.Status.transient, .failed] {
            let session = try await host.open(service, database: nil)
            let process = try #require(try await session.read(
                [Entity(kind: .database, path: EntityPath(["shop"]))], attributes: [.tag("process")]).first?.value)
            guard case .known(let text?) = process, let number = Int32(text) else {
                Issue.record("no process: \(process)")
                return
            }
            kill(number, SIGKILL)
            let failure = await #expect(throws: Failure.self) {
                // Until the end is noticed, a question may still be on its way.
                while true {
                    _ = try await session.read(
                        [Entity(kind: .database, path: EntityPath(["shop"]))], attributes: [.description])
                }
            }
            #expect(failure?.status == status)
            #expect(failure?.message == """
                the plugin org.example.healthy was ended by SIGKILL (somebody ended it, or the system ran out of memory)
                """)
        }
    }

    private func openSockets() throws -> Int {
        let files = FileManager.default
        return try files.contentsOfDirectory(atPath: "/proc/self/fd").count {
            (try? files.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)"))?.hasPrefix("socket:") == true
        }
    }

    /// The workers that this process has started, also those that nobody has waited for.
    private func workers() throws -> [Int] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap(Int.init).filter { process in
            guard let line = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
                line.contains("(revmeta-worker)"), let name = line.lastIndex(of: ")")
            else { return false }
            return line[name...].split(separator: " ").dropFirst(2).first == "\(getpid())"
        }
    }
}
