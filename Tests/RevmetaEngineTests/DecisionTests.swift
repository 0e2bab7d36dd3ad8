import RevmetaEngine
import RevmetaModel
import Testing

/// The design's table, row by row.
@Suite struct DecisionTests {
    private func decide(
        _ wanted: Wanted, actual: String?, base: String?, attribute: Attribute = .description, canClear: Bool = true,
        emptyIsNull: Bool = true, previous: String? = nil, policies: Policies = Policies()
    ) -> Decision {
        Decision.decide(Situation(
            wanted: wanted, actual: actual, base: base, previous: previous,
            ability: Ability(
                kind: "table", attribute: attribute, support: .full, canClear: canClear, emptyIsNull: emptyIsNull),
            policies: policies))
    }

    @Test func presentAndEqualIsUnchangedAndCreatesNoBase() {
        #expect(decide(.present("a"), actual: "a", base: nil) == .unchanged(base: nil))
        #expect(decide(.present("a"), actual: "a", base: "a") == .unchanged(base: nil))
    }

    @Test func presentAndEqualRefreshesABaseThatSaidSomethingElse() {
        #expect(decide(.present("a"), actual: "a", base: "old") == .unchanged(base: "a"))
    }

    @Test(arguments: [nil, "a", "old"])
    func presentOverNothingIsSetWhateverTheBase(base: String?) {
        #expect(decide(.present("a"), actual: nil, base: base) == .set("a"))
        #expect(decide(.present("a"), actual: "", base: base) == .set("a"))
    }

    @Test func presentOverWhatWeWroteIsSet() {
        #expect(decide(.present("new"), actual: "old", base: "old") == .set("new"))
    }

    @Test(arguments: [nil, "ours"])
    func presentOverSomethingElseIsAConflict(base: String?) {
        func decideBy(_ policy: Policies.Conflict) -> Decision {
            decide(.present("new"), actual: "theirs", base: base, policies: Policies(onConflict: policy))
        }
        #expect(decideBy(.overwrite) == .overwrite("new"))
        guard case .keep(let kept) = decideBy(.keep), case .fail(let failed) = decideBy(.fail) else {
            Issue.record("keep and fail must be decisions of their own")
            return
        }
        #expect(kept.contains("onConflict is keep"))
        #expect(failed.contains("onConflict is fail"))
    }

    @Test func absentOverWhatWeWroteIsCleared() {
        #expect(decide(.absent, actual: "ours", base: "ours") == .clear)
        #expect(decide(.absent, actual: "ours", base: "ours", policies: Policies(removals: .ignore)) == .leave)
    }

    @Test func anOwnerIsNeverCleared() {
        #expect(decide(.absent, actual: "ours", base: "ours", attribute: .owner) == .leave)
    }

    @Test func whatTheSourceCannotClearIsLeft() {
        #expect(decide(.absent, actual: "ours", base: "ours", canClear: false) == .leave)
    }

    @Test func absentOverSomethingElseIsLeftAndTheBaseForgotten() {
        #expect(decide(.absent, actual: "theirs", base: "ours") == .forget)
    }

    @Test(arguments: [nil, "", "theirs"])
    func whatWeDidNotWriteWeNeverWipe(actual: String?) {
        #expect(decide(.absent, actual: actual, base: nil) == .leave)
    }

    @Test func absentOverNothingForgetsTheBase() {
        #expect(decide(.absent, actual: nil, base: "ours") == .forget)
        #expect(decide(.absent, actual: "", base: "ours") == .forget)
    }

    @Test(arguments: [nil, "ours"], [nil, "ours", "theirs"])
    func unknownIsSkippedWithItsReason(base: String?, actual: String?) {
        #expect(decide(.unknown(reason: "why"), actual: actual, base: base) == .skip(reason: "why"))
    }

    @Test func emptyAndNothingAreTwoValuesWhereTheSourceKeepsThemApart() {
        #expect(decide(.present("a"), actual: "", base: nil, emptyIsNull: false) == .overwrite("a"))
        #expect(decide(.present(""), actual: nil, base: nil, emptyIsNull: false) == .set(""))
        #expect(decide(.present(""), actual: nil, base: nil, emptyIsNull: true) == .leave)
    }

    @Test func twoSpellingsOfOneLetterAreTwoValues() {
        #expect(decide(.present("é"), actual: "e\u{301}", base: nil) == .overwrite("é"))
    }

    // MARK: What the catalog had before stands for a base where there is none

    @Test func presentOverWhatTheCatalogHadBeforeIsSet() {
        for policy in Policies.Conflict.allCases {
            let policies = Policies(onConflict: policy)
            #expect(decide(.present("new"), actual: "old", base: nil, previous: "old", policies: policies) == .set("new"))
        }
    }

    @Test func presentOverSomethingElseThanTheCatalogHadIsAConflict() {
        #expect(decide(.present("new"), actual: "theirs", base: nil, previous: "old") == .overwrite("new"))
        guard case .keep(let story) = decide(
            .present("new"), actual: "theirs", base: nil, previous: "old", policies: Policies(onConflict: .keep))
        else {
            Issue.record("keep must be a decision of its own")
            return
        }
        #expect(story.contains("not the one that the catalog had before"))
    }

    @Test func whatTheCatalogHadBeforeBecomesNoBase() {
        #expect(decide(.present("a"), actual: "a", base: nil, previous: "old") == .unchanged(base: nil))
        #expect(decide(.present("a"), actual: "a", base: nil, previous: "a") == .unchanged(base: nil))
        #expect(decide(.present("a"), actual: nil, base: nil, previous: "old") == .set("a"))
    }

    @Test func absentOverWhatTheCatalogHadBeforeIsCleared() {
        #expect(decide(.absent, actual: "old", base: nil, previous: "old") == .clear)
        #expect(decide(.absent, actual: "old", base: nil, previous: "old", policies: Policies(removals: .ignore)) == .leave)
        #expect(decide(.absent, actual: "old", base: nil, canClear: false, previous: "old") == .leave)
        #expect(decide(.absent, actual: "old", base: nil, attribute: .owner, previous: "old") == .leave)
    }

    @Test(arguments: [nil, "", "theirs"])
    func absentOverSomethingElseThanTheCatalogHadIsLeft(actual: String?) {
        #expect(decide(.absent, actual: actual, base: nil, previous: "old") == .leave)
        #expect(decide(.absent, actual: actual, base: nil, previous: "") == .leave)
    }

    @Test func theJournalsBaseGoesBeforeWhatTheCatalogHad() {
        #expect(decide(.present("new"), actual: "old", base: "ours", previous: "old") == .overwrite("new"))
        #expect(decide(.present("new"), actual: "ours", base: "ours", previous: "old") == .set("new"))
        #expect(decide(.absent, actual: "old", base: "ours", previous: "old") == .forget)
        #expect(decide(.absent, actual: "ours", base: "ours", previous: "old") == .clear)
    }

    @Test func whatTheCatalogHadIsComparedAsTheSourceHoldsIt() {
        func decide(_ actual: String, previous: String, _ onTooLong: Policies.TooLong) -> Decision {
            Decision.decide(Situation(
                wanted: .present("new"), actual: actual, base: nil, previous: previous,
                ability: Ability(kind: "table", attribute: .description, support: .full, maxLength: 3),
                policies: Policies(onConflict: .overwrite, onTooLong: onTooLong)))
        }
        #expect(decide("lon", previous: "longer", .truncate) == .set("new"))
        // What could not have been written is nowhere.
        #expect(decide("lon", previous: "longer", .fail) == .overwrite("new"))
    }
}

@Suite struct ValueFittingTests {
    private func decide(
        _ wanted: String, actual: String? = nil, text: Ability.Text = .any, limit: Int? = nil,
        unit: Ability.LengthUnit = .bytes, policies: Policies = Policies()
    ) -> Decision {
        Decision.decide(Situation(
            wanted: .present(wanted), actual: actual, base: nil,
            ability: Ability(
                kind: "table", attribute: .description, support: .full, text: text, maxLength: limit, unit: unit),
            policies: policies))
    }

    @Test func lengthsAreCountedInTheSourcesUnit() {
        #expect(decide("ééé", limit: 3, unit: .characters) == .set("ééé"))
        guard case .fail(let reason) = decide("ééé", limit: 3, unit: .bytes) else {
            Issue.record("six bytes do not fit into three")
            return
        }
        #expect(reason.contains("6 bytes") && reason.contains("holds 3"))
        #expect(decide("abc", limit: 3) == .set("abc"))
    }

    @Test func truncationNeverSplitsACharacter() {
        let policies = Policies(onTooLong: .truncate)
        #expect(decide("ab😀c", limit: 4, policies: policies) == .set("ab"))
        #expect(decide("ae\u{301}x", limit: 2, unit: .characters, policies: policies) == .set("a"))
        #expect(decide("abcdef", actual: "abc", limit: 3, policies: policies) == .unchanged(base: nil))
    }

    @Test func charactersThatTheSourceWouldMangleAreFoundBefore() {
        guard case .fail(let reason) = decide("a😀", text: .basicMultilingualPlane) else {
            Issue.record("an emoji is beyond the basic plane")
            return
        }
        #expect(reason.contains("U+1F600"))
        let policies = Policies(onUnrepresentable: .replace)
        #expect(decide("a😀", text: .basicMultilingualPlane, policies: policies) == .set("a\u{FFFD}"))
        #expect(decide("a😀", actual: "a\u{FFFD}", text: .basicMultilingualPlane, policies: policies) == .unchanged(base: nil))
        for text in [Ability.Text.any, .noNUL] {
            guard case .fail(let null) = decide("a\0b", text: text) else {
                Issue.record("NUL must be refused")
                return
            }
            #expect(null.contains("U+0000"))
        }
    }
}
