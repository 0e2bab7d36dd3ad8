public import RevmetaModel

/// What a plan or run came to, in numbers and in what a person should be told.
public struct RunReport: Sendable, Equatable {
    /// Facts looked at, by what became of them.
    public struct Counts: Sendable, Equatable, Codable {
        /// Entities of the catalog that a channel selects.
        public var entities = 0
        public var unchanged = 0
        public var set = 0
        /// Values of somebody else's that are overwritten.
        public var overwritten = 0
        public var cleared = 0
        /// Values of somebody else's that stay.
        public var kept = 0
        public var skipped = 0
        /// Moved between plan and run.
        public var conflicts = 0
        public var failed = 0
        /// Sent, with an outcome that is not known.
        public var unsettled = 0

        public init() {}

        /// Facts with a statement.
        public var written: Int { self.set + overwritten + cleared }

        /// Of what was sent: how it ended, or that it is not known.
        var sent: Int { written + skipped + conflicts + failed + unsettled }

        public static func += (one: inout Counts, other: Counts) {
            one.entities += other.entities
            one.unchanged += other.unchanged
            one.set += other.set
            one.overwritten += other.overwritten
            one.cleared += other.cleared
            one.kept += other.kept
            one.skipped += other.skipped
            one.conflicts += other.conflicts
            one.failed += other.failed
            one.unsettled += other.unsettled
        }
    }

    public var counts = Counts()
    /// Services that could not be used, or stopped being usable, and why.
    public var failures: [String: Failure] = [:]
    /// Where exactly they failed: one database of a service may be down while the others are up.
    public var failedScopes: Set<PlanScope> = []
    /// Databases that the catalog describes and the source does not have, as it says.
    public var missingDatabases: [PlanScope: Failure] = [:]
    /// Services that were used.
    public var usedServices: Set<String> = []
    /// Things to know that are no failure: abilities that a source lacks, services that nobody configured.
    public var notices: [String] = []

    /// What each template of the channels was understood as.
    public var templates: [TemplateReport] = []

    /// Changes among the failed that could not be made for the time being: the same may succeed later.
    public var postponed = 0

    /// Changes of the plan that were certainly not sent: the run stopped, or their service failed.
    public var unsent = 0

    /// The run was asked to stop, and left statements unsent.
    public var isStopped = false

    /// Why a run of the plan sends nothing; nil: it does.
    public var refusal: RunRefusal?

    public init() {}

    mutating func fail(_ scope: PlanScope, _ failure: Failure) {
        failures[scope.service] = failure
        failedScopes.insert(scope)
    }

    /// A database that is gone is left out with a note, but a service of which all are gone has failed: that looks like
    /// another server than the catalog's.
    mutating func judgeMissingDatabases() {
        for (scope, failure) in missingDatabases.sorted(by: { ($0.key.database ?? "") < ($1.key.database ?? "") }) {
            if usedServices.contains(scope.service) {
                notices.append("service '\(scope.service)' has no database '\(scope.database ?? "")', which the catalog describes")
            } else {
                failures[scope.service] = failures[scope.service] ?? failure
            }
        }
    }

    /// The exit status: 0 done, 1 something failed or was left unsent, 2 it was refused, 3 no service could be used.
    public var exitCode: Int32 {
        if !failures.isEmpty && usedServices.isEmpty { return 3 }
        if refusal != nil { return 2 }
        return failures.isEmpty && !isStopped && counts.failed == 0 && counts.conflicts == 0 && counts.unsettled == 0 ? 0 : 1
    }
}
