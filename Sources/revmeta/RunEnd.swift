internal import RevmetaEngine
internal import RevmetaJournal
internal import RevmetaModel

/// Ends a run: notes how it went, and removes what the configuration does not want to be kept.
func finish(_ store: RunStore, _ report: RunReport, _ journal: Journal, _ configuration: Configuration) async throws {
    try await store.finish(report)
    guard let keep = configuration.journalKeep else { return }
    try await journal.prune(olderThan: keep, isThorough: false)
}
