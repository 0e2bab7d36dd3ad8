import RevmetaPlugin

/// Writes one statement for all the changes of a table.
struct Planner {
    let connection: Connection

    func plan(_ changes: [Change], into plan: borrowing PlanSink, _ call: Call) throws(Failure) {
        var order: [Target] = []
        var indexes: [Target: [Int]] = [:]
        for (index, change) in changes.enumerated() {
            do throws(Failure) {
                let target = try Target(of: change)
                try check(change)
                if indexes[target] == nil { order.append(target) }
                indexes[target, default: []].append(index)
            } catch {
                try plan.refuse(index, error)
            }
        }
        for target in order {
            try self.plan(indexes[target] ?? [], of: changes, target, into: plan, call)
        }
    }

    /// What the source could not hold is refused before anything is looked up for it.
    private func check(_ change: Change) throws(Failure) {
        guard let ability = ObjectKind(rawValue: change.kind)?.description(connection.flavour), ability.support != .full
        else { return }
        throw Failure(.unsupported, "\(change.shown): \(ability.note ?? "its description cannot be written")")
    }

    private func plan(
        _ indexes: [Int], of changes: [Change], _ target: Target, into plan: borrowing PlanSink, _ call: Call
    ) throws(Failure) {
        let definition: Definition, unsayable: [ExactText: Failure]
        do {
            definition = try target.definition(connection, call)
            unsayable = try KeptTexts(connection: connection).refusals(
                of: indexes.lazy.map { changes[$0] }, in: target, definition, call)
        } catch {
            // What concerns this table alone costs its own changes only.
            guard [.notFound, .denied, .failed, .unsupported].contains(error.status) else { throw error }
            for index in indexes { try plan.refuse(index, error) }
            return
        }
        var alteration = Alteration(
            target, definition, flavour: connection.flavour, allowsTableCopy: connection.settings.allowsTableCopy,
            unsayable: unsayable)
        var carried: [Int] = []
        for index in indexes {
            do throws(Failure) {
                try alteration.add(changes[index])
                carried.append(index)
            } catch {
                try plan.refuse(index, error)
            }
        }
        guard !alteration.isEmpty else { return }
        try plan.emit(Statement(text: alteration.text, changes: carried, guardText: definition.shape))
    }
}
