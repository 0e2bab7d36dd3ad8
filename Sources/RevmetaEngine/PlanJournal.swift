public import RevmetaModel

/// Names one fact within a service.
///
/// The entity's kind belongs to its name: a table and a stored procedure may share a path.
public struct FactKey: Sendable, Hashable {
    public var entity: Entity
    public var attribute: Attribute

    public init(entity: Entity, attribute: Attribute) {
        self.entity = entity
        self.attribute = attribute
    }
}

/// What is known of a fact that a template wrote, besides what was wanted.
public struct TemplateWriting: Sendable, Equatable {
    /// The hash of the statements that wrote it.
    public var rendered: String
    /// What the source held after.
    public var held: Held

    public enum Held: Sendable, Equatable {
        /// It was not read, or cannot be.
        case unread
        /// Nil: nothing.
        case value(String?)
    }

    public init(rendered: String, held: Held = .unread) {
        self.rendered = rendered
        self.held = held
    }
}

/// What the journal remembers of one fact.
public struct Memory: Sendable, Equatable {
    /// What we wrote last; of a template: what was wanted.
    public var base: String?
    /// Of a template: what it wrote; nil: a statement of the connector's own wrote the base.
    public var template: TemplateWriting?
    /// What an earlier run set out to write without coming to tell how it ended.
    public var intent: Intent?

    public struct Intent: Sendable, Equatable {
        /// The change's row.
        public var id: Int64
        /// Nil: it was to clear.
        public var value: String?
        /// Whether the value is ours if it was written.
        public var isOurs: Bool
        /// What the source held before.
        public var before: String?
        /// Of a template: the hash of the statements that were to write it.
        public var rendered: String?

        public init(id: Int64, value: String?, isOurs: Bool = true, before: String? = nil, rendered: String? = nil) {
            self.id = id
            self.value = value
            self.isOurs = isOurs
            self.before = before
            self.rendered = rendered
        }
    }

    public init(base: String? = nil, template: TemplateWriting? = nil, intent: Intent? = nil) {
        self.base = base
        self.template = template
        self.intent = intent
    }

    /// What the source held after we wrote last; nil: nothing is ours, or it is not known.
    var heldBase: String? {
        guard let template else { return base }
        guard case .value(let held) = template.held else { return nil }
        return held
    }
}

/// One fact as a plan has it: what is to be done about it, or why nothing is.
public struct PlannedChange: Sendable, Equatable {
    /// What the plan does about a fact.
    public enum Action: String, Sendable, Codable, CaseIterable {
        case set
        case overwrite
        case clear
        /// Puts back a value that was not ours: it is none of ours afterwards.
        case restore
        case keep
        case skip
        case fail

        /// Whether a statement carries it.
        public var isWritten: Bool { self == .set || self == .overwrite || self == .clear || self == .restore }
    }

    public var action: Action
    /// The entity's kind in the catalog; `change` has the source's word for it.
    public var entityKind: EntityKind
    /// With the channel that wants it.
    public var change: Change
    /// Why nothing is written, or how the value was chosen.
    public var reason: String?
    /// The hash of the template's statements that write it; nil: the connector's own statement does.
    public var rendered: String?

    public init(
        channel: String, action: Action, entityKind: EntityKind, change: Change, reason: String? = nil, rendered: String? = nil
    ) {
        self.action = action
        self.entityKind = entityKind
        self.change = change
        self.change.channel = channel
        self.reason = reason
        self.rendered = rendered
    }

    /// The name of the channel that wants the change.
    public var channel: String { change.channel ?? "" }
}

/// A piece of a plan, as one call to a connector made it.
public struct PlanPiece: Sendable {
    public var service: String
    /// The database whose session made it; nil: the service's one session.
    public var database: String?
    public var changes: [PlannedChange]
    /// Their indexes point into `changes`.
    public var statements: [Statement]
    /// The same statements, if one session planned all of them and has them at hand.
    public var kept: KeptStatements?
    /// Facts that are ours with another value than the journal has (nil: not ours any more).
    public var bases: [(FactKey, String?)]
    /// Open intents of earlier runs, and whether the source shows that they were applied.
    public var settled: [(Memory.Intent, wasApplied: Bool)]
    /// Facts that are at the source as we wrote them.
    public var found: [FactKey] = []
    /// Facts that a template wrote and whose result was read for the first time, which makes it what we wrote.
    public var held: [(FactKey, String?)] = []

    public init(
        service: String, database: String?, changes: [PlannedChange] = [], statements: [Statement] = [],
        bases: [(FactKey, String?)] = [], settled: [(Memory.Intent, wasApplied: Bool)] = []
    ) {
        self.service = service
        self.database = database
        self.changes = changes
        self.statements = statements
        self.bases = bases
        self.settled = settled
    }

    var isEmpty: Bool { changes.isEmpty && bases.isEmpty && settled.isEmpty && found.isEmpty && held.isEmpty }
}

/// Statements of a plan, in the order in which they run, with the changes that they carry.
public struct PlannedBatch: Sendable {
    /// The journal's numbers of the statements; rising.
    public var numbers: [Int64]
    public var statements: [Statement]
    /// What the statements' indexes point into, each with the channel that wants it.
    public var changes: [Change]
    /// Of each change: what the journal knows it by.
    public var items: [Item]
    /// The same statements, where sessions have them at hand; empty: not of all of them.
    public var kept: [KeptStatements] = []

    public struct Item: Sendable {
        /// The journal's number of the change.
        public var number: Int64
        public var entityKind: EntityKind
        public var action: PlannedChange.Action
        /// The hash of the template's statements that write it; nil: the connector's own statement does.
        public var rendered: String?

        public init(number: Int64, entityKind: EntityKind, action: PlannedChange.Action, rendered: String? = nil) {
            self.number = number
            self.entityKind = entityKind
            self.action = action
            self.rendered = rendered
        }
    }

    public init(numbers: [Int64] = [], statements: [Statement] = [], changes: [Change] = [], items: [Item] = []) {
        self.numbers = numbers
        self.statements = statements
        self.changes = changes
        self.items = items
    }
}

/// How one change of a run ended.
public enum ChangeOutcome: Sendable, Equatable {
    case applied
    // Elsewhere, as in `Execution.Outcome`.
    /// The object is gone since the plan was made.
    indirect case skipped(Failure)
    /// The value has moved since the plan was made.
    indirect case conflict(Failure)
    indirect case failed(Failure)

    init(_ outcome: Execution.Outcome) {
        self =
            switch outcome {
            case .applied: .applied
            case .failed(let failure):
                switch failure.status {
                case .notFound: .skipped(failure)
                case .conflict: .conflict(failure)
                default: .failed(failure)
                }
            }
    }
}

/// How one change ended, and what it took.
public struct RecordedOutcome: Sendable, Equatable {
    /// The journal's number of the change.
    public var change: Int64
    public var outcome: ChangeOutcome
    /// How often its statement was sent.
    public var attempts: Int
    /// From the first sending of its batch until the batch was done with.
    public var duration: Duration
    /// Of a template's: what the source held after.
    public var held: TemplateWriting.Held

    public init(
        change: Int64, outcome: ChangeOutcome, attempts: Int = 1, duration: Duration = .zero,
        held: TemplateWriting.Held = .unread
    ) {
        self.change = change
        self.outcome = outcome
        self.attempts = attempts
        self.duration = duration
        self.held = held
    }
}

/// Keeps a plan, whole, before it runs; and what became of it.
///
/// A plan that will run is kept where a crash cannot lose it: what has no outcome then is an open intent.
public protocol PlanJournal: Sendable {
    /// What the run is called where a source notes who did something: `run 12`; nil: it is none.
    var label: String? { get }

    /// What is remembered of the facts of some entities, and of everything below those of them that are tables.
    func memories(of service: String, paths: [EntityPath]) async throws -> [FactKey: Memory]

    /// Adds a piece to the plan.
    func append(_ piece: PlanPiece) async throws

    /// The databases of a service that the plan has statements for, in the order in which they were planned.
    func scopes() async throws -> [PlanScope]

    /// The next statements of a scope, about so many, fewer if that is easier; empty: there are no more.
    func statements(of scope: PlanScope, after number: Int64, limit: Int) async throws -> PlannedBatch

    /// From here on the statements of a scope up to a number may have been sent: what of them has no outcome is an open
    /// intent. What comes after was certainly not sent.
    func willSend(_ scope: PlanScope, through number: Int64) async throws

    /// Notes how changes ended. What was applied is ours from now on.
    func record(_ outcomes: [RecordedOutcome]) async throws

    /// The plan is whole, and the statements of some scopes are about to be sent.
    func beginExecution(of scopes: [PlanScope]) async throws

    /// How many facts of some services are known as ours, counted up to a limit.
    func countManaged(of services: [String], upTo limit: Int) async throws -> Int
}

/// Where one session reaches: a service, or one database of it.
public struct PlanScope: Sendable, Hashable {
    public var service: String
    public var database: String?

    public init(service: String, database: String?) {
        self.service = service
        self.database = database
    }
}
