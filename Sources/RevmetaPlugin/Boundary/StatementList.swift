internal import CRevmeta

/// The statements that one call is to run, with the changes that they carry. Valid until the call returns.
///
/// Each is copied when it is asked for, so that the first can be on its way to the source before the last is copied.
public struct StatementList {
    private let origin: Origin

    private enum Origin {
        case lent(Lent<revmeta_statement>, Lent<revmeta_change>)
        case own([Statement], [Change])
    }

    init(_ statements: revmeta_statements, of changes: revmeta_changes) {
        origin = .lent(
            Lent(statements.items, count: statements.count, stride: statements.stride),
            Lent(changes.items, count: changes.count, stride: changes.stride))
    }

    /// Statements of one's own, to try a connector with.
    public init(_ statements: [Statement], of changes: [Change]) {
        origin = .own(statements, changes)
    }

    /// How many statements there are.
    public var count: Int {
        switch origin {
        case .lent(let statements, _): statements.count
        case .own(let statements, _): statements.count
        }
    }

    /// How many changes there are for the statements to carry.
    public var changeCount: Int {
        switch origin {
        case .lent(_, let changes): changes.count
        case .own(_, let changes): changes.count
        }
    }

    /// Copies a statement.
    public subscript(index: Int) -> Statement {
        switch origin {
        case .lent(let statements, _): Statement(statements[index])
        case .own(let statements, _): statements[index]
        }
    }

    /// Copies one of the changes that the statements' indexes point to.
    public func change(_ index: Int) -> Change {
        switch origin {
        case .lent(_, let changes): Change(changes[index])
        case .own(_, let changes): changes[index]
        }
    }
}
