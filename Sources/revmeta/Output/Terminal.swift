internal import Glibc
internal import Synchronization

/// An output of the process: a terminal, a pipe or a file.
final class Terminal: Sendable {
    static let standardOutput = Terminal(descriptor: 1)
    static let standardError = Terminal(descriptor: 2)

    /// Whether a person looks at it.
    let isInteractive: Bool
    private let usesColour: Bool
    private let descriptor: Int32
    private let pending = Mutex<[UInt8]>([])
    private let failure = Mutex<Int32?>(nil)

    private init(descriptor: Int32) {
        self.descriptor = descriptor
        isInteractive = isatty(descriptor) == 1
        // The convention of no-color.org: any value that is not empty.
        let refusesColour = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
        usesColour = isInteractive && !refusesColour
    }

    /// Writes a line.
    func line(_ text: String) {
        write(text)
        write("\n")
        if descriptor == 2 || isInteractive { flush() }
    }

    /// Writes a text as it is; it may wait in memory until `flush`.
    func write(_ text: String) {
        let isFull = pending.withLock { pending in
            pending.append(contentsOf: text.utf8)
            return pending.count > 1 << 16
        }
        if isFull { flush() }
    }

    /// Writes out what waits. After a failure nothing more is written: `problem` tells of it.
    func flush() {
        pending.withLock { pending in
            var rest = pending[...]
            defer { pending.removeAll(keepingCapacity: true) }
            while !rest.isEmpty, failure.withLock({ $0 == nil }) {
                let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
                if count >= 0 {
                    rest = rest.dropFirst(count)
                } else if errno != EINTR {
                    failure.withLock { $0 = errno }
                }
            }
        }
    }

    /// Why not all could be written; nil: all was. A reader that went away (`revmeta plan | head`) has seen enough.
    var problem: String? {
        failure.withLock { $0 }.flatMap { $0 == EPIPE ? nil : String(cString: strerror($0)) }
    }

    enum Colour: String {
        case green = "32"
        case yellow = "33"
        case red = "31"
        case faint = "2"
    }

    func coloured(_ text: String, _ colour: Colour) -> String {
        usesColour ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// A text from elsewhere with its control characters made visible, so that it can neither command the terminal nor change
    /// the order in which its letters are seen. Line breaks and tabs stay.
    static func printable(_ text: String) -> String {
        showing(text) { $0 != "\n" && $0 != "\t" && isControl($0) }
    }

    /// The same of what stands in a line: a name or a reason cannot begin a line that looks like ours.
    static func oneLine(_ text: String) -> String {
        showing(text, isControl)
    }

    /// The same of a reason, which may have lines of its own: those after the first are indented.
    static func paragraph(_ text: String) -> String {
        printable(text).replacing("\n", with: "\n    ")
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F: true
        // Ends of lines and paragraphs; embeddings, overrides and isolates of the direction of writing.
        case 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    private static func showing(_ text: String, _ isShown: (Unicode.Scalar) -> Bool) -> String {
        guard text.unicodeScalars.contains(where: isShown) else { return text }
        var shown = ""
        for scalar in text.unicodeScalars {
            if isShown(scalar) {
                shown += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }
}
