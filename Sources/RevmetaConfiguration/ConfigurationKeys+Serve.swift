import RevmetaModel

// What `revmeta serve` listens on, and what it hears of changes by.
extension ConfigurationKeys {
    static let serve: Reader<ServeSettings> = .mapping(
        Key(
            optional: "listen", .listenAddress, otherwise: .usual,
            "The address to listen on: host:port, or [::1]:port; \(ListenAddress.usual) without it. Port 0: one that is free. "
                + "An address that other machines reach asks for a token."),
        Key(
            optional: "token", Reader<Secret>.token.map(Optional.some), otherwise: nil,
            "What clients must show as a bearer, at least \(shortestToken) characters. Take it from ${NAME} or ${file:PATH}."),
        Key(
            optional: "webhook", webhook, otherwise: nil, "How the catalog sends its change events. Without it: it does not."),
        Key(
            optional: "pollEvents", Reader<Duration>.duration.map(Optional.some), otherwise: nil,
            "How often the catalog is asked for its change events (30s). Without it: never.")
    ) { element, reading, fields in
        guard let (listen, token, webhook, pollEvents) = fields.complete else { return nil }
        let settings = ServeSettings(listen: listen, token: token, webhook: webhook, pollEvents: pollEvents)
        if let refusal = settings.refusal {
            reading.report(Place(position: element.origin, steps: element.place.steps), refusal)
        }
        return settings
    }

    private static let webhook: Reader<WebhookSettings?> = .mapping(
        Key(
            required: "secret", .secret,
            "The secret key of the subscription in the catalog, by which events are signed; or the token that they bring as a "
                + "bearer. Take it from ${NAME} or ${file:PATH}."),
        Key(
            "path", .urlPath, default: WebhookSettings.usualPath,
            "The path of the address that the catalog sends its events to.")
    ) { _, _, fields in
        guard let (secret, path) = fields.complete else { return nil }
        return .some(WebhookSettings(secret: secret, path: path))
    }

    static let shortestToken = 16
}

extension Reader where Value == ListenAddress {
    /// A host and a port.
    static let listenAddress = Reader(
        schema: .object([("type", .string("string")), ("pattern", .string(":[0-9]{1,5}$|\\$\\{"))])
    ) { element, reading in
        guard let wording = Reader<Wording>.wording.read(element, reading) else { return nil }
        if let address = ListenAddress(written: wording.text) { return address }
        reading.report(
            element.place,
            "expected a host and a port, such as \(ListenAddress.usual) or [::1]:\(ListenAddress.usual.port)"
                + (wording.shown.map { ", found \($0)" } ?? ""))
        return nil
    }
}

extension Reader where Value == Secret {
    /// A text that is not empty and not shown, wherever it comes from.
    static let secret = Reader(schema: Reader<Wording>.wording.schema) { element, reading in
        guard case .text(let written) = element.content else {
            let advice = if case .number = element.content { ": put it in quotes" } else { "" }
            reading.report(element.place, "expected a text, found \(element.sort)\(advice)")
            return nil
        }
        guard let text = reading.expand(written, at: element.place) else { return nil }
        if text.contains(where: { !$0.isWhitespace }) { return Secret(text) }
        reading.report(element.place, "expected a text, found an empty one")
        return nil
    }

    /// What can stand in a header of HTTP and is not guessed.
    static let token = Reader(schema: secret.schema) { element, reading in
        guard let token = secret.read(element, reading) else { return nil }
        let bytes = token.exposed.utf8
        if bytes.count >= ConfigurationKeys.shortestToken, bytes.allSatisfy({ (0x21...0x7E).contains($0) }) { return token }
        reading.report(
            element.place,
            "expected at least \(ConfigurationKeys.shortestToken) letters, digits and signs of ASCII without blanks, which this "
                + "is not: make one with 'openssl rand -hex 32'")
        return nil
    }
}

extension Reader where Value == String {
    /// The path of an address of the server's own.
    static let urlPath = Reader(
        schema: .object([("type", .string("string")), ("pattern", .string("^/[A-Za-z0-9._~/-]*$|\\$\\{"))])
    ) { element, reading in
        guard let wording = Reader<Wording>.wording.read(element, reading) else { return nil }
        let allowed = { (character: Character) in
            character.isASCII && (character.isLetter || character.isNumber || "._~/-".contains(character))
        }
        if WebhookSettings.isTaken(wording.text) {
            reading.report(
                element.place,
                "expected a path that is not the interface's own, such as \(WebhookSettings.usualPath)"
                    + (wording.shown.map { ", found \($0)" } ?? ""))
            return nil
        }
        if wording.text.first == "/", wording.text.allSatisfy(allowed) { return wording.text }
        reading.report(
            element.place,
            "expected a path of letters, digits and ._~/- that begins with /, such as \(WebhookSettings.usualPath)"
                + (wording.shown.map { ", found \($0)" } ?? ""))
        return nil
    }
}
