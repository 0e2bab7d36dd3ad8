import RevmetaPlugin

/// Looks entities up in the catalogs: any number of them in one round trip of at most six queries.
struct Reader {
    let connection: Connection

    /// Gives what the source says about each entity, in their order.
    func read(_ entities: [Entity], _ call: Call) throws(Failure) -> [Reading] {
        try read(Inquiry(entities, in: connection.database), call)
    }

    /// - Parameter meanwhile: Done while the server looks.
    func read(_ inquiry: Inquiry, _ call: Call, meanwhile: () -> Void = {}) throws(Failure) -> [Reading] {
        do {
            return inquiry.readings(try connection.rows(inquiry.queries, call, meanwhile: meanwhile))
        } catch {
            // A name that the database's encoding cannot spell does not exist there, and must not hide the others.
            guard error.isUntranslatable else { throw error }
            let entities = inquiry.entities
            guard entities.count > 1 else { return [.absent] }
            let middle = entities.count / 2
            return try read(Array(entities[..<middle]), call) + read(Array(entities[middle...]), call)
        }
    }
}

/// The entities of one level, looked up by the same queries.
protocol ReadingPart {
    var isEmpty: Bool { get }
    var queries: [Query] { get }

    /// Takes the answers to its queries, in their order.
    func take(_ answers: [Rows], into readings: inout [Reading])
}

extension Failure {
    fileprivate var isUntranslatable: Bool {
        sqlState.map { ServerError(sqlState: $0, message: "").isUntranslatable } ?? false
    }
}
