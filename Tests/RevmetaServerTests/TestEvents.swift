import Foundation
import Logging
import RevmetaDigest
import RevmetaJournal
import RevmetaModel
import Synchronization

let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A journal that lives as long as a test.
final class TemporaryJournal: Sendable {
    let folder = FileManager.default.temporaryDirectory.appending(path: "revmeta-server-\(UUID().uuidString)").path
    let journal: Journal

    init() throws {
        journal = try Journal(forRunsAt: folder + "/journal.sqlite")
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }
}

/// A change event of a table.
func event(_ id: String, of entity: String = "1") -> String {
    """
    {"id":"\(id)","eventType":"entityUpdated","entityType":"table","entityId":"\(entity)","timestamp":1700000000000,
     "entityFullyQualifiedName":"shop.main.public.t\(entity)","currentVersion":0.2}
    """
}

/// The header that signs a body.
func signature(of body: String, secret: String) -> (name: String, value: String) {
    let code = HMACSHA256(of: Array(body.utf8), key: Array(secret.utf8)).bytes
    return ("X-OM-Signature", "sha256=" + Data(code).base64EncodedString())
}

/// Lines of something that is told now and then.
final class Told<Line: Sendable>: Sendable {
    private let lines = Mutex<[Line]>([])
    var all: [Line] { lines.withLock { $0 } }
    func add(_ line: Line) { lines.withLock { $0.append(line) } }
}
