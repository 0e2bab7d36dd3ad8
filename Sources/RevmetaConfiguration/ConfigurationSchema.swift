import RevmetaModel

/// The JSON Schema of `revmeta.yaml`, for editors.
public enum ConfigurationSchema {
    /// Draft 2020-12, pretty-printed; the same text every time.
    public static func json() -> String {
        let head: [(key: String, value: JSON)] = [
            ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
            ("title", .string("revmeta.yaml")),
            ("description", .string("What revmeta writes back into which databases, and how.")),
        ]
        let definitions: JSON = .object([
            Reader<[String: Secret]>.settingsDefinition, ConfigurationKeys.clauseDefinition,
        ])
        return JSON.object(head).adding(ConfigurationKeys.configuration.schema.members)
            .adding([("$defs", definitions)]).text() + "\n"
    }
}
