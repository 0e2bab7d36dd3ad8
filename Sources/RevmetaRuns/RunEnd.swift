public import Logging
public import RevmetaEngine
public import RevmetaJournal
public import RevmetaModel

/// Ends a run: notes how it went, and removes what the configuration does not want to be kept.
///
/// - Parameters:
///   - keepsEmpty: Whether a run is remembered that looked at nothing it would have to tell of.
///   - logger: The run's.
public func finish(
    _ store: RunStore, _ report: RunReport, _ journal: Journal, _ configuration: Configuration, keepsEmpty: Bool = true,
    _ logger: Logger
) async throws {
    try await store.finish(report, keepsEmpty: keepsEmpty)
    let counts = report.counts
    logger.info("the run has ended", metadata: [
        "set": "\(counts.set)", "overwritten": "\(counts.overwritten)", "cleared": "\(counts.cleared)",
        "unchanged": "\(counts.unchanged)", "kept": "\(counts.kept)", "skipped": "\(counts.skipped)",
        "conflicts": "\(counts.conflicts)", "failed": "\(counts.failed)", "exit_status": "\(report.exitCode)",
    ])
    guard let keep = configuration.journalKeep else { return }
    try await journal.prune(olderThan: keep, isThorough: false)
}
