public import RevmetaModel

extension String {
    /// The reason without the names of what it is about: a thousand tables that lack one grant lack it for one reason.
    ///
    /// What stands for itself in it (a role, a schema that a grant is about) stays.
    public func withoutNames(of path: EntityPath) -> String {
        // Most reasons hold no name at all, and there may be one for each fact of a catalog.
        guard utf8.contains(where: { Self.marks.contains($0) }) else { return self }
        let names = path.names
        var alike = self
        for count in (1...max(1, names.count)).reversed() where names.count >= 2 {
            for first in 0..<min(2, count) where count - first >= 2 {
                let some = names[first..<count]
                for quote in ["", "\"", "`"] {
                    alike = alike.replacing(some.map { quote + $0 + quote }.joined(separator: "."), with: "…")
                }
            }
        }
        guard let last = names.last, names.count > 2 else { return alike }
        for quote in ["'", "\"", "`"] { alike = alike.replacing(quote + last + quote, with: "…") }
        return alike
    }

    /// Between names, or around one.
    private static let marks = Set(".'\"`".utf8)
}
