public import RevmetaModel

/// Why a server does not do what it is asked to: a sentence.
public enum ServerRefusal: Error, Sendable, Equatable, CustomStringConvertible {
    case stopping
    case unknownChannel(String, known: [String])
    case otherJournal
    case settings(String)
    case listening(ListenAddress, reason: String)

    public var description: String {
        switch self {
        case .stopping: "the server is about to end"
        case .unknownChannel(let name, let known):
            "there is no channel '\(name)' in the configuration; it has \(known.joined(separator: ", "))"
        case .otherJournal: "journal.path is another one now: start the server anew to use it"
        case .settings(let refusal): refusal
        case .listening(let address, let reason):
            "\(address) cannot be listened on: \(reason); choose another serve.listen, or end what uses it"
        }
    }
}
