import RevmetaODBC
import RevmetaPlugin

/// Reads a schema by SHOW, page by page: for schemas that are too large for INFORMATION_SCHEMA. Needs no warehouse.
struct Listing {
    let schema: ExactName
    let session: SnowflakeSession
    let tag: String

    private static let pageSize = 1000

    /// As INFORMATION_SCHEMA.TABLES would list them.
    func relations() throws(Failure) -> Rows {
        var rows = Rows(columns: [
            "TABLE_NAME", "TABLE_TYPE", "IS_TRANSIENT", "IS_ICEBERG", "IS_DYNAMIC", "TABLE_OWNER", "COMMENT",
        ])
        func yes(_ value: String?) -> String { ["Y", "YES", "TRUE"].contains(value?.uppercased()) ? "YES" : "NO" }
        try pages("TABLES") { page, row in
            let isEvent = yes(page.text(row, "is_event")) == "YES", isExternal = yes(page.text(row, "is_external")) == "YES"
            rows.values.append([
                page.text(row, "name"), isExternal ? "EXTERNAL TABLE" : isEvent ? "EVENT TABLE" : "BASE TABLE",
                page.text(row, "kind") == "TRANSIENT" ? "YES" : "NO", yes(page.text(row, "is_iceberg")),
                yes(page.text(row, "is_dynamic")), page.text(row, "owner"), page.text(row, "comment"),
            ])
        }
        try pages("VIEWS") { page, row in
            let isMaterialized = yes(page.text(row, "is_materialized")) == "YES"
            rows.values.append([
                page.text(row, "name"), isMaterialized ? "MATERIALIZED VIEW" : "VIEW", "NO", "NO", "NO",
                page.text(row, "owner"), page.text(row, "comment"),
            ])
        }
        return rows
    }

    /// As INFORMATION_SCHEMA.COLUMNS would list them.
    func columns(of tables: [String]) throws(Failure) -> Rows {
        var rows = Rows(columns: ["TABLE_NAME", "COLUMN_NAME", "COMMENT"])
        for table in tables {
            let name = ExactName(schema.names + [table])
            do throws(ODBCError) {
                let shown = try session.rows("SHOW COLUMNS IN TABLE \(name.quoted)", tag: tag)
                for row in 0..<shown.count {
                    rows.values.append([table, shown.text(row, "column_name"), shown.text(row, "comment")])
                }
            } catch {
                let failure = error.snowflakeFailure(of: "reading the columns of \(name.shown)")
                guard failure.status == .notFound else { throw failure }
            }
        }
        return rows
    }

    private func pages(_ what: String, _ take: (Rows, Int) -> Void) throws(Failure) {
        var last: String?
        while true {
            let page: Rows
            do throws(ODBCError) {
                page = try session.rows(
                    "SHOW \(what) IN SCHEMA \(schema.quoted) LIMIT \(Self.pageSize)"
                        + (last.map { " FROM \(literal($0))" } ?? ""), tag: tag)
            } catch {
                throw error.snowflakeFailure(of: "listing schema \(schema.shown)")
            }
            for row in 0..<page.count { take(page, row) }
            guard page.count == Self.pageSize, let name = page.text(page.count - 1, "name"), last?.isExactly(name) != true
            else { return }
            last = name
        }
    }
}
