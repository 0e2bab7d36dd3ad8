internal import RevmetaCatalog

/// Which fields of an entity are asked for besides those that every answer has: as few as will do, since each costs the server.
struct RequestedFields: Sendable {
    var owners: Bool
    var tags: Bool
    /// What filters can ask for, and what saved answers keep.
    var everything: Bool
    var version: ServerVersion

    /// The value of `fields=`, or nil where nothing more is needed.
    func text(for content: CatalogContent) -> String? {
        guard content.kind != nil else { return nil }
        var names = content == .tables ? ["columns"] : []
        // Each release refuses the other's word.
        if owners || everything { names.append(version.isAtLeast(minor: 5) ? "owners" : "owner") }
        if tags || everything { names.append("tags") }
        if everything {
            names += [version.isAtLeast(minor: 9) ? "domains" : "domain", "dataProducts", "extension", "followers"]
            if version.isAtLeast(minor: 6) { names.append("certification") }
        }
        return names.isEmpty ? nil : names.joined(separator: ",")
    }
}
