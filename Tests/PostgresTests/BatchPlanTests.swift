import Testing

@testable import RevmetaPostgres

@Suite struct BatchPlanTests {
    private let refused = ServerError(sqlState: "42703", message: "no such column")
    private let locked = ServerError(sqlState: "55P03", message: "lock not available")
    private let misspelled = ServerError(sqlState: "42601", message: "syntax error")

    @Test func whatGoesWellGoesAsOneMessage() {
        var plan = BatchPlan(relations: [0, 0, 1])
        #expect(plan.step == .message([0, 1, 2]))
        #expect(plan.answer(completed: 3, error: nil).applied == [0, 1, 2])
        #expect(plan.step == .done)
    }

    @Test func nothingToSendIsDone() {
        #expect(BatchPlan(relations: []).step == .done)
    }

    @Test func theFailingStatementIsSetAsideAndTheRestGoesAgain() {
        var plan = BatchPlan(relations: [0, 1, 2, 3])
        let settled = plan.answer(completed: 2, error: refused)
        #expect(settled.applied == [] && settled.failed.map(\.item) == [2])
        #expect(plan.step == .message([0, 1, 3]))
    }

    @Test func aLockedRelationIsSetAsideAsAWhole() {
        var plan = BatchPlan(relations: [7, 8, 7, 9, 7])
        let settled = plan.answer(completed: 0, error: locked)
        #expect(settled.failed.map(\.item) == [0, 2, 4])
        #expect(settled.failed.allSatisfy { $0.error == locked })
        #expect(plan.step == .message([1, 3]))
    }

    @Test func afterThreeFailuresEachGoesOnItsOwn() {
        var plan = BatchPlan(relations: [0, 0, 0, 1, 1, 2, 2])
        for _ in 0..<3 { _ = plan.answer(completed: 0, error: refused) }
        // One of each relation first.
        #expect(plan.step == .singly([3, 5]))
        let first = plan.answer(singly: [locked, nil])
        #expect(first.applied == [5] && first.failed.map(\.item) == [3, 4])
        #expect(plan.step == .singly([6]))
        #expect(plan.answer(singly: [refused]).failed.map(\.item) == [6])
        #expect(plan.step == .done)
    }

    @Test func anErrorOfTheWholeMessageBlamesNobody() {
        var plan = BatchPlan(relations: [0, 1])
        let settled = plan.answer(completed: 0, error: misspelled)
        #expect(settled == BatchPlan.Settled())
        #expect(plan.step == .singly([0, 1]))
    }

    @Test func anErrorAfterTheLastStatementBlamesNobody() {
        var plan = BatchPlan(relations: [0, 1])
        #expect(plan.answer(completed: 2, error: refused) == BatchPlan.Settled())
        #expect(plan.step == .singly([0, 1]))
    }

    @Test func whatABrokenConnectionLeftOpenStaysPending() {
        var plan = BatchPlan(relations: [0, 1, 2], singly: true)
        #expect(plan.answer(singly: [nil]).applied == [0])
        #expect(plan.step == .singly([1, 2]))
    }
}
