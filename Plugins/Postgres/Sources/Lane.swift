import RevmetaPlugin

/// One of the connections by which batches go out, and what is on its way there.
///
/// What a batch is compared with is looked up at the end of the message before it, on the same connection: so a lane knows
/// what it sends next.
final class Lane {
    let reader: Reader
    /// What the server works on.
    var flight: BatchRun?
    /// What goes out by this lane next.
    var next: BatchRun?
    /// What the source said about the next one.
    var readings: [Reading]?

    init(_ connection: Connection) {
        reader = Reader(connection: connection)
    }
}
