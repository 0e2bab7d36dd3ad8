import RevmetaODBC
import RevmetaPlugin

/// Looks entities up: a query for each schema and level, several side by side.
struct Reader {
    let lanes: Lanes<SnowflakeSession>
    let settings: SnowflakeSettings

    /// An entity, and whether its tags matter.
    struct Asked {
        var entity: Entity
        var needsTags: Bool
    }

    /// Gives what the source says about each entity, in their order.
    ///
    /// - Parameters:
    ///   - tagNames: From ACCOUNT_USAGE, tags of these names only; nil: tags are read where they are exact.
    ///   - queryTag: Of the queries.
    func read(
        _ asked: [Asked], tagNames: [String]?, queryTag: String, _ call: Call
    ) throws(Failure) -> [Reading] {
        var inquiry = Inquiry(asked.map(\.entity))
        try ask(inquiry.firstQuestions, queryTag, call) { inquiry.take($0, $1) }
        try ask(inquiry.secondQuestions, queryTag, call) { inquiry.take($0, $1) }
        var readings = inquiry.readings
        if asked.contains(where: \.needsTags) {
            var tags = TagInquiry(asked, readings, usage: tagNames.map { ($0, settings.accountUsage) })
            try ask(tags.questions, queryTag, call) { tags.take($0, $1) }
            tags.complete(&readings)
        }
        return readings
    }

    private func ask(
        _ questions: [Question], _ queryTag: String, _ call: Call, _ take: (Question, Rows) -> Void
    ) throws(Failure) {
        guard !questions.isEmpty else { return }
        try lanes.work(questions) { () throws(Failure) in
            try call.checkCancelled()
        } perform: { session, question throws(Failure) in
            try question.answer(session, tag: queryTag)
        } take: { number, answer throws(Failure) in
            take(questions[number], try answer.get())
        }
    }
}
