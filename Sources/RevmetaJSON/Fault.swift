/// What is wrong with a text, before it is known which file it stands in and on which line.
package struct Fault: Error, Equatable {
    package var message: String

    package init(_ message: String) {
        self.message = message
    }
}
