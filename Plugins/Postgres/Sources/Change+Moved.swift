import RevmetaPlugin

extension Change {
    /// Why the change must not be made, now that the source was read again; nil: all is as it was planned.
    ///
    /// Borrowed: to copy one counts each of its texts up and down again.
    borrowing func moved(from reading: Reading) -> Failure? {
        let kind = kind, path = path
        var object: String { (ObjectKind(rawValue: kind) ?? .table).described(path) }
        switch reading {
        case .absent:
            return Failure(.notFound, "\(object) does not exist any more")
        case .unknown(_, let reason):
            return Failure(.conflict, "\(object) is \(reason)")
        case .found(let found):
            guard found.kind.rawValue == kind else {
                return Failure(.notFound, "\(object) is a \(found.kind.rawValue) by now; the next run plans for that")
            }
            let current: String?
            switch attribute {
            case "description": current = found.description
            case "owner" where found.kind.hasOwner: current = found.owner
            // Written by a template of the user's own: there is nothing to compare it with.
            default: return nil
            }
            // Somebody may have written the wanted value meanwhile, perhaps the same plan: then nothing is lost.
            guard !(current ?? "").isExactly(before ?? ""), !(current ?? "").isExactly(value ?? "") else { return nil }
            return Failure(
                .conflict, "the \(attribute) of \(object) was changed by somebody else: expected "
                    + "\(shown(value: before)), found \(shown(value: current))")
        }
    }
}
