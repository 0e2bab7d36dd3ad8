/// What the host asks of a runner. Beside each: what its frame has. A limit is the nanoseconds that a call may take from when
/// it begins; 0: there is none.
public enum Request: UInt8, Sendable {
    /// First, once: log level, library, id, version, interfaces of the plugin. The answer is ``Answer/loaded``.
    case load = 1
    /// Session, limit, settings. The number of the session is the host's to choose.
    case open
    /// Session, limit, label.
    case abilities
    /// Session, limit, label, entities, attributes.
    case read
    /// Session, limit, label, number of the plan, changes. The number is the host's to choose.
    case plan
    /// Session, limit, label, changes.
    case check
    /// Session, limit, label, changes, statements.
    case execute
    /// Session.
    case close
    /// Nothing: the call is to end.
    case cancel
    /// Session: whatever it waits for is to be given up.
    case interrupt
    /// Template, limit, label, dialect, text, names, flags. The number of the template is the host's to choose.
    case compile
    /// Template, limit, label, names and roles, changes, the variables' values of each.
    case render
    /// Template.
    case release
    /// Session, limit, label, and of some plans that are kept: number, first statement, how many.
    case executeKept
    /// Session, number of a plan: it need not be kept any more.
    case forgetPlan
}

/// What a runner answers. Beside each: what its frame has.
public enum Answer: UInt8, Sendable {
    /// A problem; or if that is absent: whether there is a template engine, whether a connector, and its dialect.
    case loaded = 65
    /// Level, text.
    case log
    /// Entity, attribute, kind, value, problem.
    case fact
    /// Kind, attribute, support, flags, text, unit, longest, note.
    case ability
    /// Text, guard, changes.
    case statement
    /// Index, status, reason: of a change that is refused.
    case refusal
    /// Index, status, reason: of a statement.
    case outcome
    /// What the plugin did that the contract forbids, in words that follow "it".
    case breach
    /// The names of the variables that a template uses.
    case uses
    /// Index, status, and then statements or a reason.
    case rendering
    /// Status, reason. The last frame of each call.
    case ended
    /// A byte that is 1: what was planned is kept.
    case kept
}
