@testable import RevmetaEngine
import RevmetaModel
import Testing

/// Several channels that select one fact.
@Suite struct OverlapTests {
    private func channel(_ name: String, _ change: (inout Channel) -> Void = { _ in }) -> Channel {
        var channel = Channel(name: name, updateDescriptions: true, updateOwners: true, updateTags: true)
        change(&channel)
        return channel
    }

    private func selection(_ channels: Channel...) -> Selection {
        Selection(Configuration(
            catalog: .folder("/"), services: [ServiceDefinition(name: "shop", type: "Memory")],
            ownerMap: ["jane": "j", "john": "o"], journalPath: "/j", channels: channels))
    }

    private var orders: CatalogEntity {
        CatalogEntity(
            service: "shop", kind: .table, path: EntityPath("d.s.orders")!, description: .present("*Orders*"),
            owners: .known([OwnerReference(kind: .user, name: "jane", email: "john")]),
            tags: .known([TagLabel(tagFQN: "PII.A"), TagLabel(tagFQN: "Tier.Tier1")]))
    }

    @Test func equalValuesAreTheFirstChannels() throws {
        var selection = selection(channel("a") { $0.updateOwners = false }, channel("b"), channel("c"))
        let selected = try selection.select(orders)
        #expect(selected.count == 1)
        #expect(selected[0].wanted.map(\.attribute.rawValue) == ["description", "owner", "tag.PII"])
        #expect(selected[0].wanted.map(\.channel) == [0, 1, 0])
    }

    @Test func differentDescriptionsOwnersAndTagsAreErrors() throws {
        for (attribute, change) in [
            ("description", { $0.descriptionFormat = .plain }), ("owner", { $0.owners.attribute = .email }),
            ("tag.PII", { channel in
                let any = try! NamePattern("*")
                channel.tags.rules = [TagRule(any, .rename(key: nil, value: try! CaptureTemplate("x", of: any)))]
            }),
        ] as [(String, (inout Channel) -> Void)] {
            var selection = selection(channel("a"), channel("b"), channel("c", change))
            let error = #expect(throws: ChannelOverlap.self) { try selection.select(orders) }
            #expect(error?.channels == ["a", "c"] && error?.attribute.rawValue == attribute && error?.service == "shop")
            // Where the difference makes none, there is no error.
            var other = orders
            other.description = .absent
            other.owners = .known([])
            other.tags = .known([])
            #expect(try selection.select(other).count == 1)
        }
    }

    @Test func tagsOfSeveralSourcesAddUp() throws {
        var selection = selection(channel("a"), channel("b") { $0.tags.sources = [.tier] })
        let selected = try selection.select(orders)[0]
        #expect(selected.wanted.filter(\.attribute.isTag).map(\.attribute.rawValue) == ["tag.PII", "tag.Tier"])
        #expect(selected.tagChannel == 0)
        // What one of them cannot tell may be a tag that is wanted: nothing is removed.
        selection = self.selection(channel("a"), channel("b") { $0.tags.sources = [.domain] })
        #expect(try selection.select(orders)[0].tagChannel == nil)
    }

    @Test func tagsOfChannelsThatTakeNoPartAreNobodysToRemove() throws {
        func configuration(_ channels: Channel...) -> Configuration {
            Configuration(
                catalog: .folder("/"), services: [ServiceDefinition(name: "shop", type: "Memory")], journalPath: "/j",
                channels: channels)
        }
        func selected(_ other: Channel) throws -> SelectedEntity {
            var selection = Selection(configuration(channel("a") { $0.tags.sources = [.tier] }), besides: [other])
            return try selection.select(orders)[0]
        }
        let all = try selected(channel("b"))
        #expect(all.tagChannel == 0 && all.foreignTags == [.tag("PII")])
        for other in [channel("b") { $0.updateTags = false }, channel("b") { $0.sinkService = "copy" }] {
            let selected = try selected(other)
            #expect(selected.tagChannel == 0 && selected.foreignTags.isEmpty)
        }
        // What it cannot tell may be a tag that is wanted.
        #expect(try selected(channel("b") { $0.tags.sources = [.domain] }).tagChannel == nil)
    }

    @Test func whoCannotDecideMayStillWantATag() throws {
        // Without its document nobody can say.
        let undecided = channel("b") { $0.filter.condition = .never }
        var selection = selection(channel("a"), undecided)
        #expect(try selection.select(orders)[0].tagChannel == nil)
        let alone = Configuration(catalog: .folder("/"), services: [], journalPath: "/j", channels: [channel("a")])
        selection = Selection(alone, besides: [undecided])
        #expect(try selection.select(orders)[0].tagChannel == nil)
    }

    @Test func sinksAreServicesOfTheirOwn() throws {
        var selection = selection(channel("a"), channel("b") { $0.sinkService = "copy"; $0.descriptionFormat = .plain })
        let selected = try selection.select(orders)
        #expect(selected.map(\.service) == ["shop", "copy"])
        #expect(selected.map(\.wanted[0].value) == [.present("*Orders*"), .present("Orders")])
    }
}
