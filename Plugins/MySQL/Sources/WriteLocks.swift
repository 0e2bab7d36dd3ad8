import RevmetaPlugin

/// The locks that writers of a database take, so that two never write to one at once.
///
/// They belong to the session: the server frees them when the connection ends, however it ends. The server counts them
/// for itself and not for each database, so each has a name of its own; a hash, since the server allows 64 characters.
struct WriteLocks {
    private var held: Set<ExactText> = []

    /// Takes the lock of a database, if this session has it not yet. Gives why it is not to be had.
    mutating func take(_ schema: ExactText, _ connection: Connection, _ call: Call) throws(Failure) -> Failure? {
        guard !held.contains(schema) else { return nil }
        var name = SQL(.mysql)
        name.raw("CONCAT('revmeta.', SHA1(")
        name.literal(schema.text)
        name.raw("))")
        let rows = try connection.rows(
            "SELECT GET_LOCK(\(name.text), 0), IS_USED_LOCK(\(name.text))", of: "taking the write lock", call)
        guard rows.next(), rows.text(0) != "1" else {
            held.insert(schema)
            return nil
        }
        let holder = rows.text(1).map { " (connection \($0))" } ?? ""
        return Failure(
            .transient, "another revmeta\(holder) is writing to schema \(schema.text) on "
                + "\(connection.settings.place); wait for it to end, or end it")
    }
}
