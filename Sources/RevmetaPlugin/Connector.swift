/// Reads facts from one kind of source, plans statements and executes them.
///
/// An instance is one session: the host makes it, calls it from one thread at a time, always the same one, and
/// closes it. What the functions must do is told in full in `revmeta/connector.h`; here is what Swift adds.
///
/// Errors are thrown as ``Failure``. The sinks throw when the host asks to stop: let that pass.
public protocol Connector: AnyObject {
    /// How the source spells names, texts and scripts.
    static var dialect: Dialect { get }

    /// Connects to the source. Throws `config` naming the setting, `denied`, `notFound` or `transient`.
    init(settings: Settings, call: Call) throws(Failure)

    /// Says what the session can do. What is not named is unsupported.
    func abilities(_ call: Call) throws(Failure) -> [Ability]

    /// Emits one fact for each asked entity that exists and each asked attribute: nil where the kind has no such one.
    func read(
        _ entities: [Entity], attributes: [String], into facts: borrowing FactSink, _ call: Call
    ) throws(Failure)

    /// Emits the statements that make the changes; refuses a change that no statement can make.
    func plan(_ changes: [Change], into plan: borrowing PlanSink, _ call: Call) throws(Failure)

    /// Emits an outcome for each change that this session may not make. Writes nothing.
    func check(_ changes: [Change], into outcomes: borrowing OutcomeSink, _ call: Call) throws(Failure)

    /// Runs the statements and emits one outcome for each as soon as it is certain.
    ///
    /// Before a statement runs, the values before of its changes and its guard are compared with the source.
    func execute(
        _ statements: [Statement], of changes: [Change], into outcomes: borrowing OutcomeSink, _ call: Call
    ) throws(Failure)

    /// Ends the session and frees what it holds. Nothing is called after it.
    func close()
}

/// A connector whose source can be made to give up what a call waits for. Conforming to it is all that is to be done.
public protocol Interruptible: Connector {
    /// Makes the source give up what the running call waits for, and returns soon; the call then ends as after a
    /// cancel.
    ///
    /// Called from any thread while a call may run, unlike everything else. Doing nothing is right if nothing runs.
    func interrupt()
}

/// A connector that begins to run statements before it has seen the last of them. Conforming to it is all that is to be done:
/// there is nothing else to execute then.
///
/// For sources that take thousands of statements a second. Where each takes its time anyway, a ``Connector`` is simpler.
public protocol GradualExecutor: Connector {
    /// Does what ``Connector/execute(_:of:into:_:)`` does.
    func execute(
        _ statements: StatementList, into outcomes: borrowing OutcomeSink, _ call: Call
    ) throws(Failure)
}

extension GradualExecutor {
    public func execute(
        _ statements: [Statement], of changes: [Change], into outcomes: borrowing OutcomeSink, _ call: Call
    ) throws(Failure) {
        try execute(StatementList(statements, of: changes), into: outcomes, call)
    }
}
