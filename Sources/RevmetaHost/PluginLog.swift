/// Takes what plugins say about their work.
public struct PluginLog: Sendable {
    /// How important a line is: syslog's numbers, as the plugin boundary has them.
    public enum Level: Int32, Sendable {
        case error = 3
        case warning = 4
        case info = 6
        case debug = 7
    }

    /// One line.
    public struct Line: Sendable {
        public var level: Level
        public var text: String
        /// The plugin's id.
        public var plugin: String
        /// The service that it works for; nil: none, it is only looked at.
        public var service: String?
    }

    /// Lines above this level are not wanted.
    public var level: Level
    public var write: @Sendable (Line) -> Void

    public init(level: Level, write: @escaping @Sendable (Line) -> Void) {
        self.level = level
        self.write = write
    }

    /// Drops everything.
    public static let none = PluginLog(level: .error) { _ in }
}
