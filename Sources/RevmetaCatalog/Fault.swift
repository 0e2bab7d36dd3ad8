/// What is wrong with a text, before it is known which file it stands in and on which line.
struct Fault: Error, Equatable {
    var message: String

    init(_ message: String) {
        self.message = message
    }
}
