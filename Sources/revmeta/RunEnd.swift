internal import Logging
internal import RevmetaEngine
internal import RevmetaJournal
internal import RevmetaModel

/// Ends a run: notes how it went, and removes what the configuration does not want to be kept.
func finish(_ store: RunStore, _ report: RunReport, _ journal: Journal, _ configuration: Configuration) async throws {
    try await store.finish(report)
    let counts = report.counts
    LogOutput.logger(run: store.run).info("the run has ended", metadata: [
        "set": "\(counts.set)", "overwritten": "\(counts.overwritten)", "cleared": "\(counts.cleared)",
        "unchanged": "\(counts.unchanged)", "kept": "\(counts.kept)", "skipped": "\(counts.skipped)",
        "conflicts": "\(counts.conflicts)", "failed": "\(counts.failed)", "exit_status": "\(report.exitCode)",
    ])
    guard let keep = configuration.journalKeep else { return }
    try await journal.prune(olderThan: keep, isThorough: false)
}
