import RevmetaEngine
import RevmetaModel
import RevmetaRunner
import Synchronization
import Testing

@testable import RevmetaHost

/// What the host says of the plans that its runners keep: without it a server keeps for days what it planned.
@Suite struct PluginPlanTests {
    /// The way to a runner in this process, and what went over it.
    private final class Recording: PluginTransport {
        private let local: LocalTransport
        private let requests = Mutex<[Request]>([])
        var sent: [Request] { requests.withLock { $0 } }
        var memory: FrameMemory { local.memory }

        init(_ events: TransportEvents) {
            local = LocalTransport(events)
        }

        func send(_ frames: [UInt8]) {
            frames.withUnsafeBytes { bytes in
                try? Frame.all(in: bytes) { frame in
                    if let request = Request(rawValue: frame.kind) { requests.withLock { $0.append(request) } }
                }
            }
            local.send(frames)
        }

        func leave() { local.leave() }
        func kill() { local.kill() }
    }

    private let folder: PluginFolder
    private let link = PluginLink(
        "org.example.healthy", service: nil, log: .none, limits: CallLimits(), endStatus: .transient)
    private let transport: Recording
    private let session: PluginSession

    private static let changes = [
        Change(
            kind: "table", path: EntityPath(["shop", "public", "orders"]), attribute: .description,
            before: "Orders, one a row", value: "All orders")
    ]

    init() async throws {
        folder = try PluginFolder()
        let found = try folder.install("healthy")
        let made = Mutex<Recording?>(nil)
        _ = try await link.load(found.libraryPath, as: found.identity) { events in
            let transport = Recording(events)
            made.withLock { $0 = transport }
            return transport
        }
        transport = try #require(made.withLock { $0 })
        session = try await PluginSession.open(link, [:])
    }

    @Test func aPlanIsForgottenWhenNobodyHoldsItAnyMore() async throws {
        var kept = [try #require(try await session.plan(Self.changes).kept)]
        let execution = await session.execute(
            [Statement(text: "", changes: [0])], of: Self.changes, kept: kept, label: nil)
        #expect(execution.outcomes == [.applied])
        #expect(transport.sent == [.load, .open, .plan, .executeKept])
        kept = []
        #expect(transport.sent == [.load, .open, .plan, .executeKept, .forgetPlan])
        await session.close()
    }

    @Test func aPlanIsForgottenThatNobodyWants() async throws {
        #expect(try await session.plan(Self.changes).statements.count == 1)
        #expect(transport.sent == [.load, .open, .plan, .forgetPlan])
        await session.close()
    }

    @Test func whatIsHeldLongerThanTheSessionIsNoMatter() async throws {
        let kept = try #require(try await session.plan(Self.changes).kept)
        await session.close()
        let execution = await session.execute(
            [Statement(text: "", changes: [0])], of: Self.changes, kept: [kept], label: nil)
        #expect(execution.failure?.status == .invalid)
        #expect(transport.sent == [.load, .open, .plan, .close])
    }
}
