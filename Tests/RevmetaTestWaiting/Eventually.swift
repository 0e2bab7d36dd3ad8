/// Looks again and again until something is so.
///
/// Tests of a target run side by side, and some machines are slow and busy: what one waits for includes the work of all the
/// others. So the patience is far longer than anything takes, and is there for what hangs.
/// - Parameters:
///   - what: What is waited for, as the error tells it.
///   - found: What there is instead, which the error tells too.
public func eventually(
    _ what: String, found: () throws -> String? = { nil }, patience: Duration = .seconds(600), file: String = #fileID,
    line: Int = #line, isSo: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + patience
    var pause = Duration.milliseconds(2)
    while try await !isSo() {
        guard .now < end else {
            throw StillNotSo(what: what, found: try found(), patience: patience, place: "\(file):\(line)")
        }
        try await Task.sleep(for: pause)
        // Who looks costs something too.
        pause = min(pause * 1.5, .milliseconds(100))
    }
}

/// What a test waited for in vain.
public struct StillNotSo: Error, CustomStringConvertible {
    var what: String
    var found: String?
    var patience: Duration
    var place: String

    public var description: String {
        "\(place): after \(patience.components.seconds) s it is still not so that \(what)\(found.map { "; found: \($0)" } ?? "")"
    }
}
