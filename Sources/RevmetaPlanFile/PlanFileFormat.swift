/// What stands around the lists of a plan's file.
///
/// The file is one JSON object, and each element of its lists `statements` and `notWritten` stands on a line of its own:
///
///     {
///       "format": "revmeta.plan/1", "version": "0.1.0", "made": "2026-11-22T08:00:00Z",
///       "services": [{"name": "shop", "type": "Postgres"}],
///       "statements": [
///         {"service": "shop", "database": "shop", "text": "COMMENT ON …", "changes": [{"path": ["shop", …], …}]}
///       ],
///       "notWritten": [ … ],
///       "hash": "3f2a…",
///       "report": { … }
///     }
enum PlanFileFormat {
    static let name = "revmeta.plan/1"

    struct Around: Decodable {
        var format: String
        var services: [Service]
        var hash: String?
        var report: Report?
    }

    /// What the plan came to, as far as it matters to who runs it.
    struct Report: Decodable {
        struct Failure: Decodable {
            var service: String
            var message: String
        }

        var failures: [Failure]?
    }

    struct Service: Codable {
        var name: String
        var type: String
    }
}
