/// The address of a catalog's interface, as people write it: with or without `/api`, `/v1` and a slash at the end.
struct ServerAddress {
    /// Without a slash at its end, up to what comes before the version.
    let text: String

    /// Nil: it is no address of HTTP, or holds what does not belong in one.
    init?(_ written: String) {
        guard let scheme = ["https://", "http://"].first(where: { written.hasPrefix($0) }) else { return nil }
        var rest = written.dropFirst(scheme.count)
        // A name and password, a query and a fragment have no place here.
        guard !rest.isEmpty, rest.allSatisfy({ $0.isASCII && !$0.isWhitespace && !"@?#\\\"<>".contains($0) }) else { return nil }
        while rest.last == "/" { rest.removeLast() }
        if rest.hasSuffix("/v1") { rest.removeLast(3) }
        guard let first = rest.first, first != "/", first != ":" else { return nil }
        text = scheme + rest + (rest.contains("/") ? "" : "/api")
    }
}
