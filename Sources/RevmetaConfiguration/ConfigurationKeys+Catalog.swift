import RevmetaModel

// Where the truth is.
extension ConfigurationKeys {
    static let catalog: Reader<CatalogSource> = .either(ifAny: serverKeys, catalogServer, otherwise: catalogFolder)

    private static let catalogFolder: Reader<CatalogSource> = .mapping(
        Key(
            required: "folder", .text,
            "The folder of the catalog's saved answers. A relative path begins at this file's folder. Write hostPort instead "
                + "for a running server.")
    ) { _, reading, fields in
        let folder: String? = fields.read
        return folder.map { .folder(reading.references.absolute($0)) }
    }

    private static let hostPort = Key(
        required: "hostPort", .serverAddress,
        "The address of the catalog's interface, as OpenMetadata's own tools take it: https://collate.example.com/api.")

    private static let serverKeys = [
        hostPort.name, "securityConfig", "sslConfig", "proxy", "timeout", "pageSize", "pagesInFlight",
    ]

    private static let catalogServer: Reader<CatalogSource> = .mapping(
        hostPort,
        Key(
            optional: "securityConfig", security, otherwise: nil,
            "Who revmeta is to the server: a bot, or a person with a token of their own."),
        Key(
            optional: "sslConfig", certificates, otherwise: nil, "How the server's certificate is checked."),
        Key(
            optional: "proxy", Reader<String>.text.map { Optional.some(Secret($0)) }, otherwise: nil,
            "The proxy through which the server is reached: http://proxy.example.com:3128. Name and password may stand before "
                + "the host, name:password@; take them from ${NAME}."),
        Key(
            optional: "timeout", .duration, otherwise: .seconds(60),
            "How long the server may say nothing (30s, 2m) before it is asked anew; 60s without it."),
        Key(
            optional: "pageSize", .integer(1...10_000), otherwise: 200,
            "How many entities are asked for at once; 200 without it. A table comes with its columns."),
        Key(
            optional: "pagesInFlight", .integer(1...64), otherwise: 4,
            "How many answers are waited for at once; 4 without it.")
    ) { _, _, fields in
        guard
            let (address, token, caCertificate, proxy, timeout, pageSize, pagesInFlight) = fields.complete
        else { return nil }
        return .server(CatalogServerSettings(
            address: address, token: token, caCertificate: caCertificate, proxy: proxy, timeout: timeout,
            pageSize: pageSize, pagesInFlight: pagesInFlight))
    }

    private static let security: Reader<Secret?> = .mapping(
        Key(
            required: "jwtToken", .text,
            "The bot's or person's token. Take it from ${NAME} or ${file:PATH}.")
    ) { _, _, fields in
        let token: String? = fields.read
        return token.map { .some(Secret($0)) }
    }

    private static let certificates: Reader<String?> = .mapping(
        Key(
            required: "caCertificate", .text,
            "The authority that signed the server's certificate: a file's path, or PEM text. Without it: those that the "
                + "system trusts.")
    ) { _, reading, fields in
        let certificate: String? = fields.read
        return certificate.map { .some($0.hasPrefix("-----BEGIN") ? $0 : reading.references.absolute($0)) }
    }
}

extension Reader {
    /// A mapping of one form if it has any of these keys, whatever their case; else of another.
    static func either(ifAny keys: [String], _ reader: Reader, otherwise other: Reader) -> Reader {
        let known = Set(keys.map { $0.lowercased() })
        return Reader(schema: .object([("anyOf", .array([other.schema, reader.schema]))])) { element, reading in
            if case .mapping(let entries) = element.content, entries.contains(where: { known.contains($0.key.lowercased()) }) {
                return reader.read(element, reading)
            }
            return other.read(element, reading)
        }
    }
}

extension Reader where Value == String {
    /// The address of a catalog's interface, brought to one form: `https://host:port/api`.
    static let serverAddress = Reader(schema: .object([("type", .string("string")), ("pattern", .string("^https?://|\\$\\{"))])) {
        element, reading in
        guard let wording = Reader<Wording>.wording.read(element, reading) else { return nil }
        if let address = ServerAddress(wording.text) { return address.text }
        reading.report(
            element.place,
            "expected the address of the catalog's interface, such as https://collate.example.com/api"
                + (wording.shown.map { ", found \($0)" } ?? ""))
        return nil
    }
}
