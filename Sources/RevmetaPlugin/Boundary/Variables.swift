internal import CRevmeta
internal import Glibc

/// The variables of one change. Valid until the call returns.
///
/// A value is copied when it is asked for, so that what a template does not use costs nothing.
public struct Variables {
    private let lent: revmeta_variables
    private let own: [String: VariableValue]

    init(_ lent: revmeta_variables) {
        self.lent = lent
        own = [:]
    }

    /// Variables of one's own, to try an engine with.
    public init(_ values: [String: VariableValue]) {
        lent = revmeta_variables()
        own = values
    }

    /// The value of a variable; nil: the host gave none.
    public subscript(name: String) -> VariableValue? {
        if lent.items == nil { return own[name] }
        for variable in Lent(lent.items, count: lent.count, stride: lent.stride) where name.isEqual(to: variable.name) {
            return VariableValue(variable)
        }
        return nil
    }

    /// The names of all of them.
    public var names: [String] {
        if lent.items == nil { return own.keys.sorted() }
        return Lent(lent.items, count: lent.count, stride: lent.stride).map { String(lent: $0.name) ?? "" }
    }
}

extension VariableValue {
    init?(_ lent: revmeta_variable) {
        switch lent.role {
        case REVMETA_ROLE_NAME: self = .name(String(lent: lent.value))
        case REVMETA_ROLE_TEXT: self = .text(String(lent: lent.value))
        case REVMETA_ROLE_JSON: self = .json(String(lent: lent.value))
        case REVMETA_ROLE_PAIRS:
            self = .pairs(Lent(lent.pairs.items, count: lent.pairs.count, stride: lent.pairs.stride).map {
                (String(lent: $0.key) ?? "", String(lent: $0.value) ?? "")
            })
        default: return nil
        }
    }
}

extension String {
    fileprivate func isEqual(to lent: revmeta_str) -> Bool {
        utf8.withContiguousStorageIfAvailable { own in
            guard own.count == lent.len, let start = own.baseAddress, let other = lent.ptr else { return false }
            return memcmp(start, other, own.count) == 0
        } ?? (self == String(lent: lent))
    }
}
