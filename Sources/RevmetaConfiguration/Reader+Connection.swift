import RevmetaModel

extension Reader where Value == [String: Secret] {
    /// The definition that a schema needs for mappings within mappings.
    static var settingsDefinition: (key: String, value: JSON) {
        let sorts = ["string", "number", "boolean"].map(JSON.string)
        return (
            "settings",
            .object([
                ("type", .string("object")),
                ("propertyNames", .object([("pattern", .string("\\S"))])),
                (
                    "additionalProperties",
                    .object([
                        ("anyOf", .array([.object([("type", .array(sorts))]), settingsReference]))
                    ])
                ),
            ])
        )
    }

    private static var settingsReference: JSON { .object([("$ref", .string("#/$defs/settings"))]) }

    /// An open mapping of settings; those within a mapping get dotted keys: `authType.password`.
    ///
    /// Here any text may be a password, and a forgotten pair of quotes turns one into a key, a list or a tag. So
    /// problems name neither values nor, unless they hold a text, keys.
    static let settings = Reader(schema: settingsReference) { element, reading in
        var settings = Settings(reading: reading, root: element.place)
        settings.add(element, under: "")
        return settings.values
    }
}

extension Element {
    /// Of a service: where a setting of its connection stands, by its dotted key.
    func place(ofSetting key: String) -> Place {
        guard case .mapping(let entries) = content, let connection = entries.first(where: { $0.key == "connection" }) else {
            return place
        }
        return place.child(.key("connection"), at: connection.value.position(ofSetting: key) ?? connection.keyPosition)
    }

    private func position(ofSetting key: String) -> ConfigurationProblem.Position? {
        guard case .mapping(let entries) = content else { return nil }
        for entry in entries {
            if entry.key == key { return entry.keyPosition }
            guard key.hasPrefix(entry.key + ".") else { continue }
            if let within = entry.value.position(ofSetting: String(key.dropFirst(entry.key.count + 1))) { return within }
        }
        return nil
    }
}

/// The settings of one connection while they are collected.
private struct Settings {
    let reading: Reading
    let root: Place
    var values: [String: Secret] = [:]

    mutating func add(_ element: Element, under prefix: String) {
        guard case .mapping(let entries) = element.content else {
            report(element.place.position, "expected a mapping of settings, found \(element.sort)")
            return
        }
        var keys: Set<String> = []
        for entry in entries {
            if keys.insert(entry.key).inserted {
                add(entry, under: prefix)
            } else {
                reportRepetition(entry)
            }
        }
    }

    private mutating func add(_ entry: Element.Entry, under prefix: String) {
        guard entry.key.contains(where: { !$0.isWhitespace }) else {
            return report(entry.keyPosition, "expected a name as key, found an empty one")
        }
        let key = prefix + entry.key
        switch entry.value.content {
        case .text(let written):
            guard let text = reading.expand(written, at: entry.value.place) else { return }
            set(key, to: text, entry)
        case .number(let written): set(key, to: written, entry)
        case .boolean(let value): set(key, to: "\(value)", entry)
        case .mapping: add(entry.value, under: key + ".")
        case .nothing:
            report(
                entry.keyPosition,
                "expected a text after this key, found nothing: write \"\" for an empty text, "
                    + "and quote one that begins with { or is null")
        case .list, .tagged:
            report(
                entry.value.place.position,
                "expected a text, a number, true, false or a mapping, found \(entry.value.sort)")
        }
    }

    private mutating func set(_ key: String, to value: String, _ entry: Element.Entry) {
        if values.updateValue(Secret(value), forKey: key) != nil { reportRepetition(entry) }
    }

    private func reportRepetition(_ entry: Element.Entry) {
        report(entry.keyPosition, "a setting stands twice: this one has been set before")
    }

    private func report(_ position: ConfigurationProblem.Position, _ message: String) {
        reading.report(Place(position: position, steps: root.steps), message)
    }
}
