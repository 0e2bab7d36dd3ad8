import CRevmeta
import Glibc
import Synchronization
import Testing

@testable import RevmetaPlugin

/// What the kit makes of the host's side of a call.
@Suite struct CallTests {
    private func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    private func with<Result>(_ call: revmeta_call, _ body: (Call) throws -> Result) rethrows -> Result {
        try withUnsafePointer(to: call) { try body(Call(table: CallTable($0))) }
    }

    private func call(deadline: Int64 = 0, isCancelled: Bool = false) -> revmeta_call {
        var call = revmeta_call()
        call.struct_size = UInt32(MemoryLayout<revmeta_call>.size)
        call.deadline_ns = deadline
        if isCancelled { call.cancelled = { _ in 1 } } else { call.cancelled = { _ in 0 } }
        return call
    }

    @Test func withoutADeadlineTimeIsNotCounted() throws {
        try with(call()) { call in
            #expect(call.millisecondsLeft == nil)
            try call.checkCancelled()
        }
    }

    @Test func countsTheTimeLeft() throws {
        try with(call(deadline: now() + 3_600_000_000_000)) { call in
            let left = try #require(call.millisecondsLeft)
            #expect((3_000_000...3_600_000).contains(left))
            try call.checkCancelled()
        }
    }

    /// Rounded up: a wait of no milliseconds would spin until the deadline.
    @Test func partOfAMillisecondIsOne() throws {
        var seen: Set<Int> = []
        for _ in 0..<50 {
            with(call(deadline: now() + 900_000)) { call in _ = seen.insert(call.millisecondsLeft ?? -1) }
        }
        #expect(seen.contains(1))
        #expect(seen.isSubset(of: [0, 1]))
    }

    @Test(arguments: [Int64(1), 1_000_000_000, 90_000_000_000]) func aPassedDeadlineLeavesNothing(ago: Int64) {
        with(call(deadline: max(1, now() - ago))) { call in
            #expect(call.millisecondsLeft == 0)
            #expect(throws: Failure(.transient, "the call's deadline has passed")) { try call.checkCancelled() }
        }
    }

    @Test func cancellationIsTold() {
        with(call(isCancelled: true)) { call in
            #expect(call.isCancelled)
            #expect(throws: Failure.cancelled) { try call.checkCancelled() }
        }
    }

    @Test func aLineIsBuiltOnlyIfTheHostKeepsIt() {
        final class Lines { var all: [String] = [] }
        let lines = Lines()
        var host = call()
        host.log_level = REVMETA_LOG_INFO
        host.context = Unmanaged.passUnretained(lines).toOpaque()
        host.log = { call, level, text in
            let lines = Unmanaged<Lines>.fromOpaque(call!.pointee.context).takeUnretainedValue()
            lines.all.append("\(level) \(String(lent: text) ?? "absent")")
        }
        var built = 0
        func text(_ text: String) -> String {
            built += 1
            return text
        }
        with(host) { call in
            call.log(.debug, text("details"))
            call.log(.info, text("naïve 雪"))
            call.log(.error, text(""))
        }
        #expect(lines.all == ["6 naïve 雪", "3 "])
        #expect(built == 2)
    }
}
