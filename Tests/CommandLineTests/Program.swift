import Foundation

/// The built `revmeta`, which lies beside the tests.
enum Program {
    static let path = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "revmeta").path

    static func run(
        _ arguments: [String], in folder: String = "/tmp", environment: [String: String] = [:]
    ) async throws -> Child.Answer {
        try await Child.run([path] + arguments, in: folder, environment: environment)
    }
}
