import RevmetaEngine
import RevmetaModel
import Testing

@Suite struct PlanHashTests {
    private static let scope = PlanScope(service: "shop", database: "one")

    private static func change(
        _ names: [String] = ["one", "public", "orders", "total"], channel: String = "all", action: PlannedChange.Action = .set,
        entityKind: EntityKind = .column, kind: String = "column", attribute: Attribute = .description, before: String? = nil,
        value: String? = "What is due"
    ) -> PlannedChange {
        PlannedChange(
            channel: channel, action: action, entityKind: entityKind,
            change: Change(kind: kind, path: EntityPath(names), attribute: attribute, before: before, value: value))
    }

    /// A statement for each change.
    private static func statements(of changes: [PlannedChange]) -> [Statement] {
        changes.indices.map { Statement(text: "write \($0)", changes: [$0]) }
    }

    private static func hash(
        of changes: [PlannedChange], _ statements: [Statement]? = nil, at scope: PlanScope = scope
    ) -> String? {
        var hash = PlanHash()
        hash.add(PlanPiece(
            service: scope.service, database: scope.database, changes: changes,
            statements: statements ?? self.statements(of: changes)))
        return hash.text(of: [scope])
    }

    /// After different ones, since a change is hashed by what it differs in from the one before it.
    @Test func whateverAChangeDiffersInChangesTheHash() {
        let usual = Self.change()
        let others = [
            usual,
            Self.change(["one", "public", "orders", "totals"]), Self.change(["one", "public", "order", "total"]),
            Self.change(["one", "private", "orders", "total"]), Self.change(["two", "public", "orders", "total"]),
            Self.change(["one", "public", "orders"]), Self.change(["one", "public", "orders", "total", "net"]),
            Self.change(["one", "public", "orders.total"]), Self.change(["one.public", "orders", "total"]),
            Self.change(["one", "public", "orders", "caf\u{e9}"]), Self.change(["one", "public", "orders", "cafe\u{301}"]),
            Self.change(channel: "some"), Self.change(action: .overwrite), Self.change(entityKind: .table),
            Self.change(kind: "view"),
            Self.change(attribute: .owner), Self.change(attribute: .tag("caf\u{e9}")),
            Self.change(attribute: .tag("cafe\u{301}")),
            Self.change(before: ""), Self.change(before: "What is due"), Self.change(value: ""), Self.change(value: nil),
            Self.change(before: "What is due", value: nil), Self.change(value: "What is du\u{e9}"),
            Self.change(value: "What is due\u{301}"),
        ]
        let befores = [
            [], [usual], [Self.change(["one", "public", "orders", "number"], channel: "some", before: "x")],
            [Self.change(["one", "public", "orders", "caf\u{e9}"], attribute: .tag("caf\u{e9}"))],
        ]
        for before in befores {
            let hashes = others.map { Self.hash(of: before + [$0]) }
            #expect(Set(hashes).count == others.count)
            #expect(hashes.allSatisfy { $0?.count == 64 })
        }
    }

    @Test func whateverAStatementDiffersInChangesTheHash() {
        let changes = [Self.change(), Self.change(["one", "public", "orders", "number"])]
        let lists: [[Statement]] = [
            [Statement(text: "a", changes: [0]), Statement(text: "b", changes: [1])],
            [Statement(text: "b", changes: [0]), Statement(text: "a", changes: [1])],
            [Statement(text: "a", changes: [1]), Statement(text: "b", changes: [0])],
            [Statement(text: "a", changes: [0]), Statement(text: "b", changes: [0, 1])],
            [Statement(text: "a", changes: [0, 1]), Statement(text: "b", changes: [1])],
            [Statement(text: "ab", changes: [0, 1])], [Statement(text: "ab", changes: [1, 0])],
            [Statement(text: "ab", changes: [0])],
            [Statement(text: "ab", changes: [0, 1], guardText: "")], [Statement(text: "ab", changes: [0, 1], guardText: "g")],
            [Statement(text: "ab", changes: [0, 1], parts: ["ab"])], [Statement(text: "ab", changes: [0, 1], parts: ["a", "b"])],
        ]
        #expect(Set(lists.map { Self.hash(of: changes, $0) }).count == lists.count)
    }

    @Test func theHashDoesNotDependOnHowThePlanIsCut() {
        let changes = (0..<30).map { number in
            Self.change(
                ["one", "public", "table \(number / 4)", "column \(number)"], channel: number < 20 ? "all" : "some",
                value: String(repeating: "text ", count: number * 100))
        }
        let whole = Self.hash(of: changes)
        for size in [1, 2, 7, 29] {
            var hash = PlanHash()
            for start in stride(from: 0, to: changes.count, by: size) {
                let range = start..<min(start + size, changes.count)
                hash.add(PlanPiece(
                    service: "shop", database: "one", changes: Array(changes[range]),
                    statements: range.map { Statement(text: "write \($0)", changes: [$0 - start]) }))
                // What comes between belongs to another scope, or is not sent.
                hash.add(PlanPiece(
                    service: "shop", database: "two", changes: [Self.change()], statements: Self.statements(of: [Self.change()])))
                hash.add(PlanPiece(service: "shop", database: "one", changes: [Self.change(action: .skip)]))
            }
            #expect(hash.text(of: [Self.scope]) == whole)
        }
    }

    /// What is in files already: another hash needs another name of their format.
    @Test func theHashStaysWhatItIs() {
        let changes = [
            Self.change(), Self.change(["one", "public", "orders", "caf\u{e9}"], action: .overwrite, before: "", value: "x"),
            Self.change(["one", "public", "notes"], entityKind: .table, kind: "table", attribute: .owner, value: nil),
        ]
        let statements = [
            Statement(text: "a", changes: [0, 1], guardText: "still"), Statement(text: "b", changes: [2], parts: ["b", "c"]),
        ]
        #expect(Self.hash(of: changes, statements) == "bffef0458cffcee60b6b3585a0937c88eb2b0e4419854de67dbda26517f20aa1")
    }

    @Test func scopesAreToldApartAndMayBeLeftOut() {
        let changes = [Self.change()], lake = PlanScope(service: "lake", database: nil)
        var hash = PlanHash()
        hash.add(PlanPiece(service: "shop", database: "one", changes: changes, statements: Self.statements(of: changes)))
        hash.add(PlanPiece(service: "lake", database: nil, changes: changes, statements: Self.statements(of: changes)))
        #expect(hash.text(of: [Self.scope]) == Self.hash(of: changes))
        #expect(hash.text(of: [lake]) == Self.hash(of: changes, at: lake))
        #expect(hash.text(of: [lake, Self.scope]) == hash.text(of: [Self.scope, lake]))
        #expect(Set([hash.text(of: [lake]), hash.text(of: [Self.scope]), hash.text(of: [lake, Self.scope])]).count == 3)
        #expect(hash.text(of: [PlanScope(service: "shop", database: nil)]) == nil)
    }
}
