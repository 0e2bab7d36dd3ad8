import CRevmeta
import RevmetaPlugin
import Testing

/// The C table that the kit makes of a template engine.
@Suite struct TemplateExportTests {
    private static let plugin = Plugin(
        id: "org.example.echo", name: "Echo", version: "1.0.0", templates: EchoEngine.self)

    private var engine: revmeta_template {
        Self.plugin.table.pointee.query(REVMETA_TEMPLATE_ID)!.assumingMemoryBound(to: revmeta_template.self).pointee
    }

    @Test(arguments: ["", "revmeta.template", "revmeta.template/10", "revmeta.connector/1"])
    func anotherInterfaceIsNotOffered(_ id: String) {
        #expect(Self.plugin.table.pointee.query(id) == nil)
        #expect(Self.plugin.table.pointee.query(nil) == nil)
    }

    @Test func everySlotIsSet() {
        let table = engine
        #expect(table.struct_size == UInt32(MemoryLayout<revmeta_template>.size))
        #expect(table.compile != nil && table.uses != nil && table.render != nil && table.release != nil)
    }

    @Test func aTemplateIsCompiledAskedRenderedAndReleased() throws {
        let host = TemplateHost(engine)
        let template = try #require(host.compile("a b", names: ["table", "tags", "entity", "gone"], flags: 1))
        defer { host.table.release(template) }
        #expect(host.uses(template) == ["a", "b"])
        #expect(host.render(template) == [
            "dialect notes 63 true true", "names table,tags,entity,gone", "raw true", "change note of note to nil",
            #"table name(Optional("it\'s"))"#, #"empty text(Optional(""))"#, "absent text(nil)",
            #"tags pairs([(key: "k", value: "v"), (key: "k", value: "v")])"#, #"entity json(Optional("{}"))"#,
            "gone nil", "",
        ])
        #expect(host.status == REVMETA_OK)
    }

    @Test func aProblemIsToldWithItsPlace() {
        let host = TemplateHost(engine)
        #expect(host.compile("bad", names: [], flags: 0) == nil)
        #expect(host.status == REVMETA_CONFIG)
        #expect(host.told == ["3:7 expected more"])
    }

    @Test func aSinkThatSaysStopIsHeard() throws {
        let host = TemplateHost(engine)
        let template = try #require(host.compile("a", names: [], flags: 0))
        defer { host.table.release(template) }
        host.wantsMore = false
        _ = host.uses(template)
        #expect(host.status == REVMETA_CANCELLED)
        _ = host.render(template)
        #expect(host.status == REVMETA_CANCELLED)
        #expect(host.told == ["0:0 the host asked to stop"])
    }
}
