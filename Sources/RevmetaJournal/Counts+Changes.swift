internal import GRDB
internal import RevmetaEngine

extension RunReport.Counts {
    /// What became of the changes of a run that did not live to count them; nil: there are none.
    init?(ofChangesIn run: Int64, _ db: Database) throws {
        self.init()
        let numbers = Schema.changes(of: run)
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT action, outcome, was_sent, count(*) FROM recorded WHERE number BETWEEN ? AND ? GROUP BY 1, 2, 3
                """,
            arguments: [numbers.lowerBound, numbers.upperBound])
        if rows.isEmpty { return nil }
        for row in rows {
            let action: String = row[0], outcome: String? = row[1], wasSent: Bool = row[2], count: Int = row[3]
            switch (outcome, action) {
            case ("applied"?, "overwrite"): overwritten += count
            case ("applied"?, "clear"): cleared += count
            case ("applied"?, _): self.set += count
            case ("skipped"?, _), (nil, "skip"): skipped += count
            case ("conflict"?, _): conflicts += count
            case ("failed"?, _), (nil, "fail"): failed += count
            case (nil, "keep"): kept += count
            case (nil, _) where wasSent: unsettled += count
            default: break
            }
        }
    }
}
