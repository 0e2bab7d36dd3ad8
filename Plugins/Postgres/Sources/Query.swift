/// A catalog query with its parameters, all texts. Each query is prepared once in a session, under its name.
struct Query {
    /// Its name is also the prepared statement's.
    let name: String
    let text: String
    var parameters: [String] = []
}
