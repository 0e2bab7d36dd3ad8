internal import Glibc

/// What a plugin's libraries write to standard output and standard error, line by line.
///
/// A flood of it must neither block the worker nor fill memory: everything is read, and only so much a second is passed on.
struct OutputLines {
    private let say: @Sendable (String) -> Void
    private var line: [UInt8] = []
    private var last: [String] = []
    private var said = 0
    private var second = 0
    private var dropped = 0

    private static let longest = 2000
    private static let mostASecond = 100
    private static let mostLast = 20

    init(_ say: @escaping @Sendable (String) -> Void) {
        self.say = say
    }

    /// Reads what is there. False: nothing will come any more.
    mutating func read(_ descriptor: Int32) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return true }
        guard count > 0 else { return false }
        for byte in buffer[..<count] {
            if byte == UInt8(ascii: "\n") {
                endLine()
            } else if line.count < Self.longest {
                line.append(byte)
            }
        }
        return true
    }

    /// Ends the last line, which may have no end of its own.
    mutating func end() {
        if !line.isEmpty { endLine() }
        tellDropped()
    }

    private mutating func endLine() {
        let text = String(decoding: line, as: UTF8.self)
        line.removeAll(keepingCapacity: true)
        if last.count == Self.mostLast { last.removeFirst() }
        last.append(text)
        let now = Glibc.time(nil)
        if now != second {
            tellDropped()
            second = now
            said = 0
        }
        said += 1
        if said <= Self.mostASecond { say(text) } else { dropped += 1 }
    }

    private mutating func tellDropped() {
        if dropped > 0 { say("(and \(dropped) more lines)") }
        dropped = 0
    }

    /// What was said last, to follow the sentence on how the process ended.
    var lastWords: String {
        last.isEmpty ? "" : ". It said last: " + last.suffix(5).joined(separator: " / ")
    }
}
