import RevmetaModel

/// A channel as far as it could be read; the checks between channels and services need parts of it only.
struct ReadChannel: Sendable {
    let name: Wording?
    let services: [PlacedPattern]
    let sink: Wording?
    var channel: Channel?
    var schedule = ReadSchedule()

    /// With what the file says for all channels.
    func channel(in file: ReadSchedule) -> Channel? {
        var channel = channel
        channel?.schedule = schedule.schedule(in: file)
        return channel
    }
}

extension DescriptionFormat: JSONRepresentable {}

extension ConfigurationKeys {
    private static let updateDescriptions = Key(
        "updateDescriptions", .boolean, default: false, "Write the catalog's descriptions.")
    private static let updateOwners = Key("updateOwners", .boolean, default: false, "Write the catalog's owners.")
    private static let updateTags = Key("updateTags", .boolean, default: false, "Write the catalog's tags.")

    static let channel: Reader<ReadChannel> = .mapping(
        Key(required: "name", .wording, "The channel's name, once in a file."),
        Key(
            optional: "filter", anyFilter, otherwise: ReadFilter(),
            "Which entities the channel is about: names at each level, or a filter as Collate saves it, as a text of JSON "
                + "({\"query\": {…}}). Without it: all of them."),
        updateDescriptions, updateOwners, updateTags, policies,
        Key(
            "descriptionFormat", .choice(), default: DescriptionFormat.markdown,
            "What a source gets of a description: its Markdown as it is, or plain text, in which lists and tables stay "
                + "readable and HTML is reduced to its text."),
        ownerPolicies, tagPolicies,
        Key(
            "columnsMatchOwnTags", .boolean, default: false,
            "Where the filter asks for tags, a column is selected by its own, not with its table."),
        Key(
            optional: "sinkService", Reader<Wording>.wording.map(Optional.some), otherwise: nil,
            "The service to write to instead of the entities' own, by its exact name in services; under the same paths."),
        sqlTemplate, sqlTemplates, allowRaw, channelSchedule
    ) { element, reading, fields in
        let (name, filter, descriptions, owners, tags, _, _, _, _, _, sink, _, _, _, _) = fields.read
        if descriptions == false, owners == false, tags == false {
            let place = Place(position: element.origin, steps: element.place.steps)
            let switches = [updateDescriptions, updateOwners, updateTags].map(\.name).alternatives
            let subject = name?.shown.map { "channel \($0)" } ?? "the channel"
            reading.report(place, "\(subject) updates nothing: set \(switches) to true")
        }
        var read = ReadChannel(name: name, services: filter?.services ?? [], sink: sink ?? nil)
        if let (
            name, filter, descriptions, owners, tags, policies, descriptionFormat, ownerPolicies, tagPolicies, ownTags, sink,
            template, templates, allowRaw, schedule
        ) = fields.complete, var plain = filter.filter {
            plain.columnsMatchOwnTags = ownTags
            var channel = Channel(
                name: name.text, filter: plain, updateDescriptions: descriptions, updateOwners: owners, updateTags: tags,
                policies: policies)
            channel.descriptionFormat = descriptionFormat
            channel.owners = ownerPolicies
            channel.tags = tagPolicies
            channel.sinkService = sink?.text
            channel.templates = template.allowingRaw(allowRaw) + templates.allowingRaw(allowRaw)
            channel.filterWarnings = filter.warnings + (tags && plain.condition.asksForTags ? [staleTags] : [])
            read.channel = channel
            read.schedule = schedule
        }
        return read
    }
}

extension ConfigurationKeys {
    private static let staleTags =
        "it asks for tags, and the channel writes tags: what loses such a tag in the catalog is not selected any more, so the "
        + "tag stays at the source. Where it must go, select by names, and choose the tags by tagMap"
}

// What only a look at several parts of the file can tell.
extension ConfigurationKeys {
    static func reportRepeatedNames(_ channels: [ReadChannel], _ reading: Reading) {
        var first: [String: ConfigurationProblem.Position] = [:]
        for name in channels.compactMap(\.name) {
            if let earlier = first[name.text] {
                reading.report(
                    name.place,
                    "another channel has this name, at line \(earlier.line), column \(earlier.column): "
                        + "choose a new one")
            } else {
                first[name.text] = name.place.position
            }
        }
    }

    /// A list of plain names that holds an unknown one is a slip; patterns may well match nothing yet.
    static func reportUnknownServices(_ channels: [ReadChannel], among known: [String], _ reading: Reading) {
        for channel in channels where channel.services.allSatisfy(\.isExactName) {
            for service in channel.services where !known.contains(service.pattern.text) {
                let advice = ": add it to services"
                let message = service.wording.shown.map { shown in
                    let suggestion = Suggestion.clause(for: service.wording.text, among: known, otherwise: advice)
                    return "no service is named \(shown)\(suggestion)"
                }
                reading.report(service.wording.place, message ?? "no service is named like this\(advice)")
            }
        }
    }

    static func reportUnknownSinks(_ channels: [ReadChannel], among known: [String], _ reading: Reading) {
        for sink in channels.compactMap(\.sink) where !known.contains(sink.text) {
            let message = sink.shown.map { shown in
                "no service is named \(shown)\(Suggestion.clause(for: sink.text, among: known, otherwise: ": add it to services"))"
            }
            reading.report(sink.place, message ?? "no service is named like this: add it to services")
        }
    }
}
