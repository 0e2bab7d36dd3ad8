import RevmetaPlugin

/// Looks entities up in the catalogs: any number of them in one round trip of at most six queries.
struct Reader {
    let connection: Connection

    /// Gives what the source says about each entity, in their order.
    func read(_ entities: [Entity], _ call: Call) throws(Failure) -> [Reading] {
        try readings(of: ask(Inquiry(entities, in: connection.database), call), call)
    }

    /// An inquiry that is on its way.
    struct Question {
        fileprivate let inquiry: Inquiry
        fileprivate let asked: Connection.Asked
    }

    /// Sends an inquiry whose answer is taken later. Nothing else may be sent before that.
    func ask(_ inquiry: Inquiry, _ call: Call) throws(Failure) -> Question {
        Question(inquiry: inquiry, asked: try connection.ask(inquiry.queries, call))
    }

    /// Waits for the answer to what was asked.
    func readings(of question: Question, _ call: Call) throws(Failure) -> [Reading] {
        do {
            return question.inquiry.readings(try connection.rows(of: question.asked, call))
        } catch {
            // A name that the database's encoding cannot spell does not exist there, and must not hide the others.
            guard error.isUntranslatable else { throw error }
            let entities = question.inquiry.entities
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
