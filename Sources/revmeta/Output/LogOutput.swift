internal import Foundation
internal import Logging
internal import RevmetaJSON
internal import Synchronization

/// Where everything goes that is no answer: standard error, as lines for a person or as JSON for a program.
enum LogOutput {
    enum Format: String, CaseIterable, Sendable {
        case text, json
    }

    private struct Settings {
        var format = Format.text
        var isVerbose = false
    }

    private static let settings = Mutex(Settings())

    static func configure(_ format: Format, isVerbose: Bool) {
        settings.withLock { $0 = Settings(format: format, isVerbose: isVerbose) }
    }

    static var format: Format { settings.withLock { $0.format } }
    static var isVerbose: Bool { settings.withLock { $0.isVerbose } }

    /// What a command's own work is told with. A person sees it in what the command answers; a program wants each thing
    /// when it happens.
    static func logger(run: Int64? = nil) -> Logger {
        var logger = Logger(label: "revmeta") { _ in LogLines() }
        logger.logLevel = isVerbose ? .debug : format == .json ? .info : .critical
        if let run, run > 0 { logger[metadataKey: "run"] = "\(run)" }
        return logger
    }

    /// What a server is told with: it has no other way to say what it does.
    static var serverLogger: Logger {
        var logger = logger()
        logger.logLevel = min(logger.logLevel, .info)
        return logger
    }

    /// What waiting for a catalog's server is told with: a person wants to know why, even if nothing else is told.
    static var catalogLogger: Logger {
        var logger = logger()
        logger.logLevel = min(logger.logLevel, .warning)
        return logger
    }

    /// Tells a person something in plain words; a program is told the same as a field.
    static func tell(_ level: Logger.Level, _ text: String) {
        switch format {
        case .text: Terminal.standardError.line(text)
        case .json: write(level, text, [:])
        }
    }

    /// Writes a line with its fields.
    static func write(_ level: Logger.Level, _ message: String, _ fields: [String: String]) {
        switch format {
        case .text:
            let shown = fields.sorted { $0.key < $1.key }.map { "\($0.key)=\(Terminal.oneLine($0.value))" }
            let more = shown.isEmpty ? "" : " (" + shown.joined(separator: ", ") + ")"
            Terminal.standardError.line("\(level): \(Terminal.oneLine(message))\(more)")
        case .json:
            var line = fields
            line["time"] = Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
            line["level"] = level.rawValue
            line["message"] = message
            // Texts are all it holds.
            if let text = try? LineEncoder().text(line) { Terminal.standardError.line(text) }
        }
    }
}

/// Turns swift-log's lines into those of ``LogOutput``.
private struct LogLines: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }
        LogOutput.write(event.level, event.message.description, fields.mapValues(\.description))
    }
}
