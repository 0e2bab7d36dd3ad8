import RevmetaPlugin

/// What the last readings found of tags, for plans that follow them: what is in force without being set, and how many
/// there are. Several, since a host may read on before it plans.
struct KnownTags {
    private var readings: [[ExactName: Tags]] = []
    private static let mostReadings = 4

    mutating func add(_ asked: [Reader.Asked], _ found: [Reading]) {
        var tags: [ExactName: Tags] = [:]
        for (asked, reading) in zip(asked, found) {
            if case .found(let found) = reading, let own = found.tags { tags[ExactName(asked.entity.path)] = own }
        }
        guard !tags.isEmpty else { return }
        readings.append(tags)
        if readings.count > Self.mostReadings { readings.removeFirst() }
    }

    private func tags(_ path: [String]) -> Tags? {
        let name = ExactName(path)
        return readings.reversed().lazy.compactMap { $0[name] }.first
    }

    /// A tag's value that an object has without one of its own.
    func derived(_ path: [String], _ tag: ExactName) -> String? {
        tags(path)?.derived[tag]
    }

    /// Throws if an object has as many different tags as it can have.
    func checkQuota(_ path: [String], _ tag: ExactName, isColumn: Bool) throws(Failure) {
        guard let found = tags(path), found.direct[tag] == nil else { return }
        let count = isColumn ? found.countOnColumns : found.direct.count
        guard count >= TagRules.mostTags else { return }
        let what = isColumn ? "the columns of \(ExactName(path.prefix(3)).shown) have" : "\(ExactName(path).shown) has"
        throw Failure(
            .invalid, "\(what) \(count) different tags, and Snowflake allows \(TagRules.mostTags): take one away first")
    }
}
