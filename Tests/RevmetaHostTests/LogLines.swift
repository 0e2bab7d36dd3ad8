import Synchronization

@testable import RevmetaHost

/// Keeps what plugins log.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func log(level: PluginLog.Level) -> PluginLog {
        PluginLog(level: level) { line in self.lines.withLock { $0.append("\(line.level): \(line.text)") } }
    }

    /// Returns once a line was logged; false: it was not within ten seconds.
    func waits(for line: String) async -> Bool {
        for _ in 0..<2000 {
            if all.contains(line) { return true }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return false
    }
}
