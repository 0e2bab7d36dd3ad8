import RevmetaModel

extension Reader where Value == OwnerMap {
    /// Owners, or patterns of owners, to principals.
    static let principals: Reader = {
        let entries = Reader<[Named<Wording>]>.names(to: .wording)
        return Reader(schema: entries.schema) { element, reading in
            guard let entries = entries.read(element, reading) else { return nil }
            var map = OwnerMap()
            for entry in entries {
                guard let principal = entry.value else { continue }
                do throws(NamePattern.Invalid) {
                    try map.add(entry.name, principal: principal.text)
                } catch {
                    // The reason repeats the principal, so it cannot be told where the text is private.
                    reading.report(
                        entry.place, principal.shown == nil ? "the pattern or its $1 cannot be read" : error.description)
                }
            }
            return map
        }
    }()
}
