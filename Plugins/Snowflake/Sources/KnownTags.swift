import RevmetaPlugin

/// What the last reading found of tags, for plans that follow it: what is in force without being set, and how many there are.
struct KnownTags {
    private var tags: [ExactName: Tags] = [:]

    init() {}

    init(_ asked: [Reader.Asked], _ readings: [Reading]) {
        for (asked, reading) in zip(asked, readings) {
            if case .found(let found) = reading, let tags = found.tags { self.tags[ExactName(asked.entity.path)] = tags }
        }
    }

    /// A tag's value that an object has without one of its own.
    func derived(_ path: [String], _ tag: ExactName) -> String? {
        tags[ExactName(path)]?.derived[tag]
    }

    /// Throws if an object has as many different tags as it can have.
    func checkQuota(_ path: [String], _ tag: ExactName, isColumn: Bool) throws(Failure) {
        guard let found = tags[ExactName(path)], found.direct[tag] == nil else { return }
        let count = isColumn ? found.countOnColumns : found.direct.count
        guard count >= TagRules.mostTags else { return }
        let what = isColumn ? "the columns of \(ExactName(path.prefix(3)).shown) have" : "\(ExactName(path).shown) has"
        throw Failure(
            .invalid, "\(what) \(count) different tags, and Snowflake allows \(TagRules.mostTags): take one away first")
    }
}
