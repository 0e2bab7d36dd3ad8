import RevmetaPlugin

/// Asks the server whether it keeps a column's texts as its definition shows them.
///
/// No catalog tells: each of them goes the way of `SHOW CREATE TABLE`. But a query for the default gives it as it is, and so does
/// a variable of the column's type with each of its values.
struct KeptTexts {
    let connection: Connection

    /// Why columns that changes are about must not be said again, by the columns' names.
    func refusals(
        of changes: some Sequence<Change>, in target: Target, _ definition: Definition, _ call: Call
    ) throws(Failure) -> [ExactText: Failure] {
        guard case .table(let table) = target else { return [:] }
        var refusals: [ExactText: Failure] = [:]
        for change in changes where change.path.count > 3 {
            guard let column = definition.column(change.path[3]), let texts = definition.doubtfulTexts(of: column)
            else { continue }
            do throws(Failure) {
                refusals[ExactText(column.name)] = try refusal(of: column.name, texts, in: table, call)
            } catch {
                // Unlike a look at the definition, this waits for who has the table: it costs no more than the column.
                guard error.vendorCode == ServerError.lockTimeout else { throw error }
                refusals[ExactText(column.name)] = Failure(
                    .failed, "column \(table.shown).\(column.name): another session uses the table, so that it cannot be found out "
                        + "whether SHOW CREATE TABLE shows its \(texts.named) as it is; the next run tries again")
            }
        }
        return refusals
    }

    private func refusal(
        of column: String, _ texts: Definition.DoubtfulTexts, in table: TableName, _ call: Call
    ) throws(Failure) -> Failure? {
        let shown = "column \(table.shown).\(column)", named = texts.named
        let byHand = "set the comment by hand, with MODIFY COLUMN and the \(named) written out"
        switch try areKept(texts, of: column, in: table, call) {
        case .some(true): return nil
        case .some(false):
            return Failure(
                .unsupported, "\(shown): SHOW CREATE TABLE does not show its \(named) as the server keeps it, but with "
                    + "question marks for some characters, as those beyond U+FFFF, and a statement made from that would "
                    + "change it; \(byHand)")
        case nil where texts.values.isEmpty || connection.flavour.hasTypeOf:
            return Failure(
                .unsupported, "\(shown): the question marks or letters in its \(named) may stand for others, which SHOW "
                    + "CREATE TABLE cannot show, and only who may SELECT it can find out; GRANT SELECT "
                    + "(\(ServerText.quoted(column))) ON \(table.quoted) TO \(connection.account.literal), or \(byHand)")
        case nil:
            return Failure(
                .unsupported, "\(shown): the question marks or letters in its \(named) may stand for others, which SHOW "
                    + "CREATE TABLE cannot show; \(byHand)")
        }
    }

    /// Nil: the server does not tell.
    private func areKept(
        _ texts: Definition.DoubtfulTexts, of column: String, in table: TableName, _ call: Call
    ) throws(Failure) -> Bool? {
        func isKept(_ expression: String, _ literal: String) -> String {
            "HEX(\(expression)) = HEX(CONVERT(\(literal) USING \(texts.characterSet)))"
        }
        if let literal = texts.defaultText {
            // The count makes it one row, also of an empty table, and no row is looked at.
            let answer = try answer(
                "SELECT \(isKept("DEFAULT(\(ServerText.quoted(column)))", literal)), COUNT(*) FROM \(table.quoted) WHERE FALSE",
                table, call)
            guard answer == true else { return answer }
        }
        guard !texts.values.isEmpty else { return true }
        guard connection.flavour.hasTypeOf else { return nil }
        let comparisons = texts.values.map { place, literal in
            // A value of an ENUM by its number, one of a SET by its bit.
            "SET v = \(texts.isSet ? UInt64(1) << UInt64(place) : UInt64(place) + 1); "
                + "SET @revmeta_kept = @revmeta_kept AND \(isKept("v", literal)); "
        }
        let block = "BEGIN NOT ATOMIC DECLARE v TYPE OF \(table.quoted).\(ServerText.quoted(column)); SET @revmeta_kept = TRUE; "
            + comparisons.joined() + "END"
        guard try rows(block, table, call) != nil else { return nil }
        return try answer("SELECT @revmeta_kept", table, call)
    }

    private func answer(_ query: String, _ table: TableName, _ call: Call) throws(Failure) -> Bool? {
        guard let rows = try rows(query, table, call), rows.next() else { return nil }
        return rows.text(0).map { $0 == "1" }
    }

    /// Nil: the user may not ask.
    private func rows(_ text: String, _ table: TableName, _ call: Call) throws(Failure) -> Rows? {
        switch try connection.answer(to: text, call) {
        case .rows(let rows): return rows
        case .error(let error):
            if error.isInterrupted { try connection.throwIfInterrupted() }
            guard error.status != .denied else { return nil }
            throw error.failure(of: "the defaults and values of table \(table.shown)")
        }
    }
}
