import Foundation
import RevmetaTestSupport
import Testing

/// Drivers that misbehave do so.
struct BadDriverTests {
    /// Runs a statement with a driver, until its process ends or says that it hangs.
    private func run(_ name: String, preloading library: String? = nil) throws -> (process: Process, said: String) {
        let account = try SnowflakeStandIn()
        let process = try account.start(
            connection: ["Driver": SnowflakeStandInPrograms.badDriver(name)], preloading: library)
        var said = ""
        while let errors = process.standardError as? Pipe, !said.contains("about to hang") {
            let more = errors.fileHandleForReading.availableData
            guard !more.isEmpty else { break }
            said += String(decoding: more, as: UTF8.self)
        }
        return (process, said)
    }

    @Test func oneCrashesInAStatement() throws {
        let (process, said) = try run("crashes")
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal && said.contains("about to crash"))
    }

    @Test func oneHangsWhenItConnects() throws {
        let (process, said) = try run("hangs")
        #expect(process.isRunning && said.contains("about to hang"))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    @Test func oneBringsAnotherOpenSSL() throws {
        let alone = try run("other_openssl").process
        alone.waitUntilExit()
        #expect(alone.terminationReason == .exit && alone.terminationStatus == 0)
        let (beside, said) = try run("other_openssl", preloading: "libcrypto.so.3")
        beside.waitUntilExit()
        #expect(beside.terminationReason == .uncaughtSignal && said.contains("its OpenSSL is another one"))
    }
}
