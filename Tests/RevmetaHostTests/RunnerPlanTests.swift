import Foundation
import RevmetaModel
import RevmetaRunner
import Synchronization
import Testing

@testable import RevmetaHost

/// What a runner keeps of plans, asked as a host asks it.
@Suite final class RunnerPlanTests {
    private let folder: PluginFolder
    private let runner: Runner
    private let answers = Answers()

    /// What the runner answered, a call's number and an answer each.
    private final class Answers: Sendable {
        private let ended = Mutex<[UInt64: [Frame]]>([:])

        func take(_ bytes: UnsafeRawBufferPointer) {
            try? Frame.all(in: bytes) { frame in ended.withLock { $0[frame.call, default: []].append(frame) } }
        }

        /// The frames of a call, once it has ended.
        func of(_ call: UInt64) async throws -> [Frame] {
            for _ in 1...2000 {
                let frames = ended.withLock { $0[call] ?? [] }
                if frames.contains(where: { $0.kind == Answer.ended.rawValue || $0.kind == Answer.loaded.rawValue }) {
                    return frames
                }
                try await Task.sleep(for: .milliseconds(5))
            }
            throw Failure(.transient, "call \(call) has not ended")
        }
    }

    init() async throws {
        folder = try PluginFolder()
        let found = try folder.install("healthy")
        runner = Runner { [answers] in answers.take($0) }
        let manifest = found.manifest
        _ = try await ask(.load, 1) { frame in
            frame.number(Int32(0))
            frame.text(found.libraryPath)
            frame.text(manifest.id)
            frame.text(manifest.version)
            frame.texts(manifest.interfaces)
            frame.number(UInt32(manifest.abi.minor))
        }
        _ = try await ask(.open, 2) { frame in
            frame.number(UInt64(7))
            frame.number(Int64(0))
            frame.settings([:])
        }
    }

    deinit {
        runner.leave {}
    }

    private func send(_ request: Request, _ call: UInt64, _ write: (inout FrameWriter) -> Void) throws {
        var frame = FrameWriter()
        frame.begin(request.rawValue, call: call)
        write(&frame)
        frame.end()
        try frame.bytes.withUnsafeBytes { bytes in
            var broken: BrokenFrame?
            try Frame.all(in: bytes) { frame in
                do throws(BrokenFrame) { try runner.take(frame) } catch { broken = error }
            }
            if let broken { throw broken }
        }
    }

    private func ask(_ request: Request, _ call: UInt64, _ write: (inout FrameWriter) -> Void) async throws -> [Frame] {
        try send(request, call, write)
        return try await answers.of(call)
    }

    private func plan(_ number: UInt64, call: UInt64) async throws -> [Frame] {
        try await ask(.plan, call) { frame in
            frame.number(UInt64(7))
            frame.number(Int64(0))
            frame.text(nil)
            frame.number(number)
            frame.changes([
                Change(
                    kind: "table", path: EntityPath(["shop", "public", "orders"]), attribute: .description,
                    before: "Orders, one a row", value: "All orders")
            ])
        }
    }

    /// How the execution of a part of a plan ended: with an outcome, and a status.
    private func execute(_ plan: UInt64, _ range: Range<Int>, call: UInt64) async throws -> (outcomes: Int, status: Int32) {
        let frames = try await ask(.executeKept, call) { frame in
            frame.number(UInt64(7))
            frame.number(Int64(0))
            frame.text(nil)
            frame.parts([PlanPart(plan: plan, range: range)])
        }
        let last = try #require(frames.last { $0.kind == Answer.ended.rawValue })
        return (
            frames.count { $0.kind == Answer.outcome.rawValue },
            try last.read { body throws(BrokenFrame) in try body.number(Int32.self) }
        )
    }

    @Test func aPlanIsKeptUntilItIsForgotten() async throws {
        #expect(try await plan(5, call: 10).contains { $0.kind == Answer.kept.rawValue })
        #expect(try await execute(5, 0..<1, call: 11) == (1, 0))
        #expect(try await execute(5, 0..<1, call: 12) == (1, 0))
        try send(.forgetPlan, 0) { frame in
            frame.number(UInt64(7))
            frame.number(UInt64(5))
        }
        #expect(try await execute(5, 0..<1, call: 13) == (0, Failure.Status.invalid.rawValue))
    }

    @Test func whatAPlanDoesNotHaveIsNotExecuted() async throws {
        _ = try await plan(5, call: 10)
        #expect(try await execute(5, 0..<2, call: 11) == (0, Failure.Status.invalid.rawValue))
        #expect(try await execute(6, 0..<1, call: 12) == (0, Failure.Status.invalid.rawValue))
        #expect(try await execute(5, 0..<1, call: 13) == (1, 0))
    }

    @Test func nobodyMindsThatAPlanOfAClosedSessionIsForgotten() async throws {
        _ = try await plan(5, call: 10)
        _ = try await ask(.close, 11) { $0.number(UInt64(7)) }
        try send(.forgetPlan, 0) { frame in
            frame.number(UInt64(7))
            frame.number(UInt64(5))
        }
        #expect(try await ask(.open, 12) { frame in
            frame.number(UInt64(7))
            frame.number(Int64(0))
            frame.settings([:])
        }.last?.kind == Answer.ended.rawValue)
        #expect(try await execute(5, 0..<1, call: 13) == (0, Failure.Status.invalid.rawValue))
    }

    @Test func aFrameThatIsCutOffIsSaidToBe() async throws {
        _ = try await plan(5, call: 10)
        #expect(throws: BrokenFrame.self) {
            try send(.executeKept, 11) { frame in
                frame.number(UInt64(7))
                frame.number(Int64(0))
                frame.text(nil)
                frame.number(UInt32(1))
                frame.number(UInt64(5))
            }
        }
        #expect(throws: BrokenFrame.self) { try send(.forgetPlan, 0) { $0.number(UInt64(7)) } }
        #expect(try await execute(5, 0..<1, call: 12) == (1, 0))
    }
}
