internal import CRevmeta
internal import Glibc
internal import RevmetaModel
internal import Synchronization

/// The host's side of one call into a plugin: where it logs, fails, and learns that it should stop.
final class HostCall: Sendable {
    private let isCancelled = Atomic<Bool>(false)
    /// What the plugin told with `fail` last; an error: how that broke the contract.
    private let reason = Mutex<Result<Failure, Failure>?>(nil)
    private let copier: Copier
    private let log: PluginLog
    private let limit: Duration?

    /// - Parameter limit: How long the call may take; nil: as long as it needs.
    init(plugin: String, log: PluginLog, limit: Duration? = nil) {
        copier = Copier(plugin: plugin)
        self.log = log
        self.limit = limit
    }

    /// Asks the plugin to stop. From any thread.
    func cancel() {
        isCancelled.store(true, ordering: .relaxed)
    }

    /// Runs a call, and turns its status and what it told into a failure; nil: it went well.
    func run(_ body: (UnsafePointer<revmeta_call>) -> revmeta_status) -> Failure? {
        var call = revmeta_call()
        call.struct_size = UInt32(MemoryLayout<revmeta_call>.size)
        call.log_level = log.level.rawValue
        call.deadline_ns = limit.map(Self.deadline) ?? 0
        call.context = Unmanaged.passUnretained(self).toOpaque()
        call.cancelled = { HostCall.of($0).isCancelled.load(ordering: .relaxed) ? 1 : 0 }
        call.log = { call, level, text in HostCall.of(call).say(level, text) }
        call.fail = { call, details in HostCall.of(call).fail(details) }
        let status = withExtendedLifetime(self) { withUnsafePointer(to: &call, body) }
        guard status != REVMETA_OK else { return nil }
        do throws(Failure) {
            return try failure(copier.status(status))
        } catch {
            return error
        }
    }

    private func failure(_ status: Failure.Status) throws(Failure) -> Failure {
        if let reason = reason.withLock({ $0 }) {
            var failure = try reason.get()
            failure.status = status
            return failure
        }
        // Who was asked to stop need not say why.
        guard status == .cancelled, isCancelled.load(ordering: .relaxed) else { return try copier.failure(status, nil) }
        return Failure(.cancelled, "the call was cancelled")
    }

    /// The end of a time that begins now, on the clock that plugins compare it with.
    private static func deadline(_ limit: Duration) -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let (seconds, attoseconds) = limit.components
        return (Int64(now.tv_sec) + seconds) * 1_000_000_000 + Int64(now.tv_nsec) + attoseconds / 1_000_000_000
    }

    private static func of(_ call: UnsafePointer<revmeta_call>?) -> HostCall {
        Unmanaged<HostCall>.fromOpaque(call!.pointee.context).takeUnretainedValue()
    }

    private func say(_ level: Int32, _ text: revmeta_str) {
        guard let start = text.ptr, text.len >= 0, level <= log.level.rawValue else { return }
        log.write(
            PluginLog.Level(rawValue: level) ?? .info,
            String(decoding: UnsafeRawBufferPointer(start: start, count: text.len), as: UTF8.self))
    }

    private func fail(_ details: UnsafePointer<revmeta_failure>?) {
        // The status comes with the call's return.
        let told = Result { () throws(Failure) in try copier.failure(.failed, details) }
        reason.withLock { $0 = told }
    }
}
