import Foundation

/// What `${NAME}` and `${file:PATH}` stand for.
struct References: Sendable {
    let environment: [String: String]
    /// Where relative paths begin: the configuration file's folder.
    let folder: String

    /// Why a reference stands for nothing; the text around it is not part of it, as it may be secret.
    struct Unresolved: Error {
        let message: String
    }

    static func occur(in text: String) -> Bool {
        text.contains("${")
    }

    /// The text with its references replaced. What they stand for is not looked at again.
    func expand(_ text: String) throws(Unresolved) -> String {
        var expanded = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            expanded += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("$${") {
                expanded += "${"
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${") {
                guard let end = rest.firstIndex(of: "}") else {
                    throw Unresolved(message: "a reference has no closing }: write $${ where ${ itself is meant")
                }
                expanded += try value(of: rest[..<end].dropFirst(2))
                rest = rest[rest.index(after: end)...]
            } else {
                expanded += "$"
                rest = rest.dropFirst()
            }
        }
        return expanded + rest
    }

    /// The path itself if it is absolute, else from the folder on.
    func absolute(_ path: String) -> String {
        path.absolutePath(in: folder)
    }

    private func value(of reference: Substring) throws(Unresolved) -> String {
        if reference.hasPrefix("file:") {
            let path = String(reference.dropFirst("file:".count))
            guard !path.isEmpty else {
                throw Unresolved(message: "${file:} names no file: expected ${file:PATH}")
            }
            return try contents(of: path)
        }
        guard let first = reference.first, first.isASCII, first.isLetter || first == "_",
            reference.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
        else {
            throw Unresolved(
                message: "a reference holds no name: expected ${NAME} or ${file:PATH}; "
                    + "write $${ where ${ itself is meant")
        }
        guard let value = environment[String(reference)] else {
            throw Unresolved(
                message: "the environment has no variable \(reference): set it, or write $${ where ${ itself is meant")
        }
        return value
    }

    private func contents(of path: String) throws(Unresolved) -> String {
        do {
            let text = try TextFile(path: absolute(path)).read(atMost: 1 << 20)
            // Editors and `echo` end a file with a newline that nobody means to be part of a password.
            return text.hasSuffix("\n") || text.hasSuffix("\r\n") ? String(text.dropLast()) : text
        } catch {
            throw Unresolved(message: "the file '\(path)' \(error.description)")
        }
    }
}
