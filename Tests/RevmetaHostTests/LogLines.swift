import RevmetaTestWaiting
import Synchronization

@testable import RevmetaHost

/// Keeps what plugins log.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func log(level: PluginLog.Level) -> PluginLog {
        PluginLog(level: level) { line in self.lines.withLock { $0.append("\(line.level): \(line.text)") } }
    }

    /// Returns once a line was logged.
    func wait(for line: String) async throws {
        try await eventually("'\(line)' is logged", found: { "\(all)" }) { all.contains(line) }
    }
}
