import RevmetaEngine
import RevmetaModel
import Testing

/// The design's table, row by row.
@Suite struct DecisionTests {
    private func decide(
        _ wanted: Wanted, actual: String?, base: String?, attribute: Attribute = .description, canClear: Bool = true,
        emptyIsNull: Bool = true, policies: Policies = Policies()
    ) -> Decision {
        Decision.decide(Situation(
            wanted: wanted, actual: actual, base: base,
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
