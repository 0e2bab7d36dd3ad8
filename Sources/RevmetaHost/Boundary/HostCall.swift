internal import CRevmeta
internal import RevmetaModel
internal import Synchronization

/// The host's side of one call into a plugin: where it logs, fails, and learns that it should stop.
final class HostCall: Sendable {
    private let isCancelled = Atomic<Bool>(false)
    private let failure = Mutex<Failure?>(nil)
    private let log: PluginLog
    private let plugin: String

    init(plugin: String, log: PluginLog) {
        self.plugin = plugin
        self.log = log
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
        call.context = Unmanaged.passUnretained(self).toOpaque()
        call.cancelled = { HostCall.of($0).isCancelled.load(ordering: .relaxed) ? 1 : 0 }
        call.log = { call, level, text in HostCall.of(call).say(level, text) }
        call.fail = { call, details in HostCall.of(call).fail(details) }
        let status = withExtendedLifetime(self) { withUnsafePointer(to: &call, body) }
        guard status != REVMETA_OK else { return nil }
        let known = Failure.Status(rawValue: status) ?? .failed
        guard var told = failure.withLock({ $0 }) else {
            return Failure(known, "the plugin \(plugin) gave no reason (status \(status))")
        }
        told.status = known
        return told
    }

    private static func of(_ call: UnsafePointer<revmeta_call>?) -> HostCall {
        Unmanaged<HostCall>.fromOpaque(call!.pointee.context).takeUnretainedValue()
    }

    private func say(_ level: Int32, _ text: revmeta_str) {
        guard let start = text.ptr, level <= log.level.rawValue else { return }
        log.write(
            PluginLog.Level(rawValue: level) ?? .info,
            String(decoding: UnsafeRawBufferPointer(start: start, count: text.len), as: UTF8.self))
    }

    private func fail(_ details: UnsafePointer<revmeta_failure>?) {
        let copy = Collector(plugin: plugin, itemCount: 0).failure(status: REVMETA_FAILED, details: details)
        failure.withLock { $0 = copy }
    }
}
