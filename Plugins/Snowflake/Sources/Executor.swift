import RevmetaODBC
import RevmetaPlugin

/// Runs statements: compares the source with what was planned, sends table by table, side by side, and tells the outcomes.
struct Executor {
    let reader: Reader
    let rules: TagRules
    let check: PrivilegeCheck

    /// The statements of one table, in order: none of them waits for its own table's locks.
    struct Unit: Sendable {
        var statements: [(index: Int, parts: [String], queryTag: String)] = []
    }

    /// How far a unit came.
    struct Run: Sendable {
        var outcomes: [(index: Int, failure: Failure?)] = []
        /// The connection went, and nobody knows whether the statement under way was kept.
        var lost: Failure?
    }

    func execute(_ statements: [Statement], of changes: [Change], into sink: borrowing OutcomeSink) throws(Failure) {
        for (index, statement) in statements.enumerated() {
            if let breach = Self.breach(of: statement, changes.count) { try sink.fail(index, breach) }
        }
        let lawful = statements.indices.filter { Self.breach(of: statements[$0], changes.count) == nil }
        // A policy may have been attached since the plan was made.
        rules.tags.forgetPolicies()
        let moved = try moved(lawful.flatMap { statements[$0].changes }, of: changes)
        var unmoved: [Int] = []
        for index in lawful {
            if let failure = statements[index].changes.lazy.compactMap({ moved[$0] }).first {
                try sink.fail(index, failure)
            } else {
                unmoved.append(index)
            }
        }
        var denied: [(index: Int, failure: Failure)] = [], lost: Failure?
        // Tags first, since other statements set them; owners last and outwards, since nothing may be writable after.
        for phase in Phase.allCases {
            let indexes = unmoved.filter { Phase(statements[$0], changes) == phase }
            let units = units(indexes, statements, changes, isOneByOne: phase == .creation)
            try send(units, into: sink, &denied, &lost)
            if let lost { throw lost }
        }
        try tell(denied, statements, changes, into: sink)
    }

    private enum Phase: CaseIterable {
        case creation
        case metadata
        case ownership
        case schemaOwnership
        case databaseOwnership

        init(_ statement: Statement, _ changes: [Change]) {
            if let given = statement.changes.first(where: { changes[$0].attribute == "owner" }) {
                switch changes[given].path.count {
                case 1: self = .databaseOwnership
                case 2: self = .schemaOwnership
                default: self = .ownership
                }
            } else {
                self = statement.parts.isEmpty && TagCreation.parted(statement.text).count > 1 ? .creation : .metadata
            }
        }
    }

    private static func breach(of statement: Statement, _ changeCount: Int) -> Failure? {
        if statement.changes.isEmpty || statement.changes.contains(where: { !(0..<changeCount).contains($0) }) {
            return Failure(.invalid, "a statement must carry at least one of the changes it comes with")
        }
        if statement.guardText != nil {
            return Failure(.invalid, "the connector for Snowflake plans no guards, and cannot read this one")
        }
        if statement.text.utf8.contains(0) {
            return Failure(.invalid, "a statement holds the character U+0000, which cannot be sent")
        }
        return nil
    }

    /// Why changes must not be made, now that the source was read again.
    private func moved(_ indexes: [Int], of changes: [Change]) throws(Failure) -> [Int: Failure] {
        var failures: [Int: Failure] = [:]
        let asked = indexes.map {
            Reader.Asked(
                entity: Entity(kind: changes[$0].kind, path: changes[$0].path),
                needsTags: changes[$0].attribute.tagName != nil)
        }
        let readings = try reader.read(asked, tagNames: nil, queryTag: rules.queryTag, rules.call)
        let owners = try rules.roles.areInSession(
            indexes.lazy.filter { changes[$0].attribute == "owner" }.compactMap { changes[$0].value }, rules.queryTag,
            rules.call)
        for (index, reading) in zip(indexes, readings) {
            let change = changes[index]
            if let failure = change.moved(from: reading, rules.settings) {
                failures[index] = failure
                continue
            }
            do throws(Failure) {
                if change.attribute.tagName != nil, case .found(let found) = reading, let tags = found.tags {
                    let tag = try rules.name(of: change)
                    try rules.checkPolicies(change, of: tag, derived: tags.derived[tag])
                } else if change.attribute == "owner", let owner = change.value, owners[ExactName(owner)] != true,
                    !rules.settings.allowsOwnershipLoss
                {
                    throw OwnershipLoss.failure(owner: owner, role: rules.roles.role)
                }
            } catch {
                guard ![.cancelled, .transient].contains(error.status) else { throw error }
                failures[index] = Failure(error.status, "\(change.subject): \(error.message)")
            }
        }
        return failures
    }

    private func units(
        _ indexes: [Int], _ statements: [Statement], _ changes: [Change], isOneByOne: Bool
    ) -> [Unit] {
        var units: [Unit] = [], numbers: [ExactName: Int] = [:]
        for index in indexes {
            let statement = statements[index]
            let key = isOneByOne ? ExactName() : ExactName(changes[statement.changes[0]].path.prefix(3))
            let number = numbers[key] ?? units.count
            if number == units.count {
                numbers[key] = number
                units.append(Unit())
            }
            let parts = statement.parts.isEmpty ? TagCreation.parted(statement.text) : statement.parts
            let tag = QueryTag.text(
                rules.settings, label: rules.call.label, channels: statement.changes.compactMap { changes[$0].channel })
            units[number].statements.append((index, parts, tag))
        }
        return units
    }

    private func send(
        _ units: [Unit], into sink: borrowing OutcomeSink, _ denied: inout [(index: Int, failure: Failure)],
        _ lost: inout Failure?
    ) throws(Failure) {
        guard !units.isEmpty else { return }
        var ended: Failure?, kept = denied
        defer {
            lost = ended
            denied = kept
        }
        try reader.lanes.work(units) { () throws(Failure) in
            try rules.call.checkCancelled()
        } perform: { session, unit throws(Failure) in
            Self.run(unit, session)
        } take: { _, answer throws(Failure) in
            let run: Run
            do throws(Failure) {
                run = try answer.get()
            } catch {
                ended = error
                return
            }
            for (index, failure) in run.outcomes {
                if let failure, failure.status == .denied || failure.status == .notFound {
                    kept.append((index, failure))
                } else if let failure {
                    try sink.fail(index, failure)
                } else {
                    try sink.succeed(index)
                }
            }
            ended = run.lost ?? ended
        }
    }

    private static func run(_ unit: Unit, _ session: SnowflakeSession) -> Run {
        var run = Run(), limited: Failure?
        for statement in unit.statements {
            if let limited {
                run.outcomes.append((statement.index, limited))
                continue
            }
            var done = 0
            do throws(ODBCError) {
                for part in statement.parts {
                    try session.run(part, tag: statement.queryTag)
                    done += 1
                }
                run.outcomes.append((statement.index, nil))
            } catch {
                var failure = error.snowflakeFailure(of: "the statement")
                // Each is committed by itself.
                if done > 0 {
                    failure.message +=
                        "; this is statement \(done + 1) of \(statement.parts.count), and what those before it did is kept"
                }
                if session.isLost {
                    run.lost = failure
                    return run
                }
                // Who asked too much asks no more for now.
                if failure.status == .transient { limited = failure }
                run.outcomes.append((statement.index, failure))
            }
        }
        return run
    }

    /// Tells what was refused, with the privilege that is missing: Snowflake says no more than that something is not there or
    /// not allowed.
    private func tell(
        _ denied: [(index: Int, failure: Failure)], _ statements: [Statement], _ changes: [Change],
        into sink: borrowing OutcomeSink
    ) throws(Failure) {
        guard !denied.isEmpty else { return }
        let concerned = denied.map { changes[statements[$0.index].changes[0]] }
        let reasons = try check.failures(of: concerned, rules)
        for (position, (index, failure)) in denied.enumerated() {
            var failure = failure
            failure.message = "\(concerned[position].subject): \(failure.message)"
            // What a template's statement needs, only its author knows.
            if statements[index].parts.isEmpty, let reason = reasons[position], reason.status == .denied {
                failure.status = .denied
                failure.message = reason.message
            }
            try sink.fail(index, failure)
        }
    }
}

extension Change {
    /// In words, for an error: `description of table SHOP.PUBLIC.ORDERS`.
    var subject: String {
        "\(attribute) of " + (ObjectKind(rawValue: kind)?.described(path) ?? "\(kind) \(ExactName(path).shown)")
    }

    /// Why the change must not be made, now that the source was read again; nil: all is as it was planned.
    fileprivate func moved(from reading: Reading, _ settings: SnowflakeSettings) -> Failure? {
        switch reading {
        case .absent:
            return Failure(.notFound, "\(subject): it does not exist any more, or the role may not see it")
        case .unknown(_, let reason):
            return Failure(.conflict, "\(subject): it is \(reason)")
        case .found(let found):
            guard found.kind.rawValue == kind else {
                return Failure(
                    .notFound, "\(subject): by now it is of kind \"\(found.kind.rawValue)\"; the next run plans for that")
            }
            let current: String?
            switch attribute {
            case "description": current = found.description
            case "owner" where found.kind.hasOwner: current = found.owner
            default:
                // What is not read cannot be compared: a template of the user's own wrote it.
                guard let name = attribute.tagName, let tags = found.tags, let tag = TagPlace(settings).tag(name, on: path)
                else { return nil }
                if let problem = tags.problem { return Failure(.denied, "\(subject): \(problem)") }
                current = tags.direct[tag]
            }
            func isSame(_ one: String?, _ other: String?) -> Bool { (one ?? "").isExactly(other ?? "") }
            // Somebody may have written the wanted value meanwhile, perhaps the same plan: then nothing is lost.
            guard !isSame(current, before), !isSame(current, value) else { return nil }
            return Failure(
                .conflict, "the \(subject) was changed by somebody else: expected \(shown(value: before)), found "
                    + shown(value: current))
        }
    }
}
