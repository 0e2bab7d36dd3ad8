import RevmetaModel

extension ChannelTemplate.Level: JSONRepresentable {}
extension ChannelTemplate.Subject: JSONRepresentable {}

/// A template as it stands in the file; whether values may be placed raw is the channel's to say.
struct ReadTemplates: Sendable {
    var templates: [ChannelTemplate] = []

    func allowingRaw(_ allows: Bool) -> [ChannelTemplate] {
        templates.map { template in
            var template = template
            template.allowsRaw = allows
            return template
        }
    }
}

extension ConfigurationKeys {
    static let sqlTemplate = Key(
        optional: "sqlTemplate", templateText.map { ReadTemplates(templates: [ChannelTemplate(set: $0)]) },
        otherwise: ReadTemplates(),
        "The statement that writes what this channel wants, with {schema}, {table}, {column}, {description}, {owner}, "
            + "{tag_key}, {tag_value}, {tags} where values go. It writes what its variables are about; the connector "
            + "writes the rest.")

    static let sqlTemplates = Key(
        optional: "sqlTemplates",
        Reader<[ChannelTemplate]>.list(ofAtLeastOne: template, called: "template").map { ReadTemplates(templates: $0) },
        otherwise: ReadTemplates(), "Several templates. The first in the list that can write a fact writes it.")

    static let allowRaw = Key(
        "allowRaw", .boolean, default: false,
        "Let the channel's templates place values as they are, with the filter raw: whoever may edit the catalog can then "
            + "change what the statements do.")

    private static let template: Reader<ChannelTemplate> = .mapping(
        Key(required: "set", templateText, "The statement that writes a value, or several with ; between them."),
        Key(
            optional: "clear", templateText.map(Optional.some), otherwise: nil,
            "The statement that takes a value away. Without it: the one that sets, with NULL or nothing for the value."),
        Key(
            optional: "on", Reader<ChannelTemplate.Level>.choice().map(Optional.some), otherwise: nil,
            "What it is about: database, schema, table (of every kind), view, column or procedure. Without it: the "
                + "deepest name in it."),
        Key(
            optional: "of", Reader<ChannelTemplate.Subject>.choice().map(Optional.some), otherwise: nil,
            "Which facts it writes: description, owner or tags. Without it: what its variables tell."),
        Key(
            optional: "serviceTypes", .list(of: .text, called: "service types"), otherwise: [],
            "Only for services of these types (Postgres, Mysql). Without it: for all of the channel's."),
        Key(
            "engine", .text, default: ChannelTemplate.defaultEngine,
            "The template engine: format, or stencil for conditions and loops.")
    ) { _, _, fields in
        guard let (set, clear, on, of, serviceTypes, engine) = fields.complete else { return nil }
        return ChannelTemplate(set: set, clear: clear, on: on, of: of, serviceTypes: serviceTypes, engine: engine)
    }

    private static let templateText = Reader<ChannelTemplate.Text>(schema: Reader<Wording>.wording.schema) {
        element, reading in
        guard let wording = Reader<Wording>.wording.read(element, reading) else { return nil }
        let position = wording.place.position
        return ChannelTemplate.Text(
            wording.text, place: "\(reading.file):\(position.line):\(position.column): \(wording.place.path)",
            isPrivate: wording.shown == nil)
    }
}
