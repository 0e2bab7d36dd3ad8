/// One of the connections by which batches go out.
final class Lane {
    let reader: Reader

    init(_ connection: Connection) {
        reader = Reader(connection: connection)
    }
}
