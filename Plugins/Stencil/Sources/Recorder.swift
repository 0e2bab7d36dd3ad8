internal import RevmetaPlugin
internal import RevmetaSQLText
internal import Stencil

/// Takes down, in order, what a template says for one change: its texts, and its values with their places.
///
/// Values never become part of the text that is looked at for quotes and comments, so that none can be taken for it.
final class Recorder {
    /// What a variable is, where that is not a text.
    enum Role {
        case name
        case pairs([SQLValue.Pair])
    }

    /// No template can spell this name.
    static let key = "\u{1}recorder"
    /// A change's statements are not made of more texts, outputs and turns of loops, and are not longer.
    private static let mostSteps = 100_000
    private static let mostBytes = 16_777_216

    var roles: [String: Role] = [:]
    var source = SQLSource()
    private(set) var values: [(value: SQLValue, text: String)] = []
    /// Why the template was stopped.
    private(set) var failure: Failure?
    private let call: Call
    private var steps = 0
    private var bytes = 0

    init(_ call: Call) {
        self.call = call
    }

    static func of(_ context: Context) throws(Failure) -> Recorder {
        guard let recorder = context[key] as? Recorder else {
            throw Failure(.failed, "a node of the template ran without its recorder")
        }
        return recorder
    }

    func append(_ value: SQLValue, _ output: Output) {
        source.append(value: values.count, isRaw: value.form == .raw, at: output.start)
        values.append((value, output.text))
    }

    /// Counts a node that ran: loops end at the call's deadline, and texts at a length that no source takes.
    func step(_ length: Int) throws(Failure) {
        steps += 1
        bytes += length
        do throws(Failure) {
            if steps % 256 == 0 { try call.checkCancelled() }
            if bytes > Self.mostBytes || steps > Self.mostSteps {
                throw Failure(
                    .config,
                    "expected at most \(Self.mostSteps) texts, outputs and turns of loops for one change, and at most"
                        + " \(Self.mostBytes) bytes, found more")
            }
        } catch {
            failure = error
            throw error
        }
    }
}
