public import Foundation
internal import RevmetaCatalog
internal import RevmetaDigest
public import RevmetaEngine
public import RevmetaJournal
public import RevmetaModel
public import RevmetaOpenMetadata

/// Which part of a running catalog a run is about: all of it, or what has happened there since the last run.
public struct ChangeTracking: Sendable {
    public enum Part: Sendable {
        case everything
        case changed([ChangedEntity])
        /// Nothing has happened since a time.
        case nothing(since: Date)
    }

    private let server: CatalogServer
    private let journal: Journal
    private let channels: [String]?
    private let configuration: Configuration
    private let fingerprint: String
    private let tell: @Sendable (String) -> Void

    /// - Parameters:
    ///   - channels: Names of those that the run is limited to; nil: all.
    ///   - path: Of the configuration's file.
    ///   - tell: Given a sentence why everything is read.
    public init(
        _ server: CatalogServer, _ journal: Journal, _ configuration: Configuration, channels: [String]?,
        configurationPath path: String, tell: @escaping @Sendable (String) -> Void
    ) throws {
        self.server = server
        self.journal = journal
        self.channels = channels
        self.configuration = configuration
        self.tell = tell
        var hash = SHA256()
        hash.update(try Data(contentsOf: URL(filePath: path)))
        fingerprint = hash.hexadecimal()
    }

    /// What a run of changes is about. Where only a run of everything will do, a person is told why.
    public func part() async throws -> Part {
        func everything(_ reason: String) -> Part {
            tell("The whole catalog is read: \(reason).")
            return .everything
        }
        guard let cursor = try journal.cursor(of: address, channels: channels) else {
            return everything("no run of these channels has taken over all of it yet")
        }
        guard cursor.configuration == fingerprint else {
            return everything("the configuration has changed since the last run")
        }
        let since = Date(timeIntervalSince1970: Double(cursor.time) / 1000)
        let age = Duration.milliseconds(server.time - cursor.time)
        guard age < CatalogServer.eventRetention else {
            return everything("the last run was \(age.components.seconds / 86_400) days ago, and the server forgets what happened so long ago")
        }
        guard let changed = try await server.changes(since: cursor.time, reach) else {
            return everything("too much has happened since \(since.formatted(.iso8601))")
        }
        return changed.isEmpty ? .nothing(since: since) : .changed(changed)
    }

    public func entities(_ changed: [ChangedEntity]) -> CatalogEntities {
        .changed(server.batches(of: changed, reach))
    }

    /// Remembers up to when the catalog's changes are taken over; nil: there was nothing to take over.
    ///
    /// What failed is taken up again: the next run asks for the same changes, or reads everything if it was everything that failed.
    public func note(_ report: RunReport?, isWhole: Bool) async throws {
        if report?.exitCode ?? 0 == 0 {
            let time = server.time - CatalogServer.eventOverlap.components.seconds * 1000
            try await journal.set(
                CatalogCursor(time: time, configuration: fingerprint), of: address, channels: channels)
        } else if isWhole {
            try await journal.set(nil, of: address, channels: channels)
        }
    }

    private var address: String { "\(configuration.catalog)" }
    private var reach: CatalogReach { CatalogReach(configuration, channels: channels) }
}
