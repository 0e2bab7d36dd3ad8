import RevmetaPlugin

extension Change {
    /// Why the change must not be made, now that the source was read again; nil: all is as it was planned.
    func moved(from reading: Reading) -> Failure? {
        guard !reading.holds(kind, attribute, before, or: value) else { return nil }
        let object = (ObjectKind(rawValue: kind) ?? .table).described(path)
        switch reading {
        case .absent:
            return Failure(.notFound, "\(object) does not exist any more")
        case .unknown(_, let reason):
            return Failure(.conflict, "\(object) is \(reason)")
        case .found(let found) where found.kind.rawValue != kind:
            return Failure(.notFound, "\(object) is a \(found.kind.rawValue) by now; the next run plans for that")
        case .found(let found):
            return Failure(
                .conflict, "the \(attribute) of \(object) was changed by somebody else: expected "
                    + "\(shown(value: before)), found \(shown(value: found.current(attribute) ?? nil))")
        }
    }
}

extension Reading {
    /// Whether the source holds what a change was planned for, or what it wants. Somebody may have written the wanted value
    /// meanwhile, perhaps the same plan: then nothing is lost.
    func holds(_ kind: String, _ attribute: String, _ before: String?, or value: String?) -> Bool {
        guard case .found(let found) = self, found.kind.rawValue == kind else { return false }
        guard let current = found.current(attribute) else { return true }
        return (current ?? "").isExactly(before ?? "") || (current ?? "").isExactly(value ?? "")
    }
}

extension Found {
    /// What it holds of an attribute; nil: that is written by templates of the user's own, and there is nothing to compare.
    fileprivate func current(_ attribute: String) -> String?? {
        switch attribute {
        case "description": .some(description)
        case "owner" where kind.hasOwner: .some(owner)
        default: nil
        }
    }
}
