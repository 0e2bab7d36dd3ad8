import Foundation
import RevmetaModel
import Testing

@testable import RevmetaOpenMetadata

/// What a webhook's body says.
@Suite struct EventDeliveryTests {
    /// An event as OpenMetadata sends it, with what else stands in it.
    private func event(_ id: String, type: String = "entityUpdated", of entity: String = "table", with more: String = "") -> String {
        """
        {"id":"\(id)","eventType":"\(type)","entityType":"\(entity)","entityId":"e1","entityFullyQualifiedName":"shop.main.public.t",
         "previousVersion":0.1,"currentVersion":0.2,"userName":"ann","timestamp":1700000000123,"domains":null\(more)}
        """
    }

    private func read(_ body: String) throws -> EventDelivery { try EventDelivery(body: body.utf8) }

    @Test func oneEventAListAndAnAnswerAreTakenAlike() throws {
        let one = event("a"), other = event("b")
        let expected = CatalogEvent(
            id: "a", time: 1_700_000_000_123, entityType: "table", entityID: "e1", qualifiedName: "shop.main.public.t")
        #expect(try read(one).events == [expected])
        #expect(expected.service == "shop")
        for body in ["[\(one),\(other)]", "{\"data\":[\(one),\(other)]}", " \n{\"paging\":{},\"data\": [ \(one) , \(other) ] } \n"] {
            #expect(try read(body).events.map(\.id) == ["a", "b"])
        }
        #expect(try read("[]").events.isEmpty)
        #expect(try read("{\"data\":[]}").events.isEmpty)
    }

    @Test func theMessageOfATestIsNoEvent() throws {
        let delivery = try read(#"{"message": "This is a test message from OpenMetadata to confirm your webhook."}"#)
        #expect(delivery.events.isEmpty)
        #expect(delivery.ignored == 0)
    }

    @Test func whatIsNotWrittenBackIsIgnored() throws {
        let body = [
            event("a", of: "dashboard"), event("b", type: "threadCreated"), event("c", type: "entityDeleted"),
            event("d", type: "entitySoftDeleted"), event("e", type: "somethingNew"), event("f", of: "somethingNew"),
            event("g", type: "entityRestored"), event("h", type: "entityCreated", of: "storedProcedure"),
            event("i", type: "userLogin", of: "user"), event("j", type: "entityFieldsChanged", of: "databaseSchema"),
        ].joined(separator: ",")
        let delivery = try read("[\(body)]")
        #expect(delivery.events.map(\.id) == ["g", "h", "j"])
        #expect(delivery.ignored == 7)
    }

    @Test(arguments: [
        "", " ", "null", "7", "\"text\"", "{", "[", "{}", "[1]", "[[]]", "{\"data\":7}", "{\"data\":null}", "{\"entityType\":\"table\"}",
        "{\"entityType\":7,\"entityId\":\"x\"}", "{\"data\":[{\"id\":\"a\"}]}", "not JSON", "{\"a\":1}x", "<html></html>", "\u{0}",
    ])
    func whatIsNoEventIsTold(body: String) throws {
        let error = try #require(throws: EventDeliveryError.self) { try read(body) }
        #expect(error.description.hasPrefix("expected "))
        #expect(!error.description.contains("\n"))
    }

    @Test func bytesThatAreNoTextAreTold() throws {
        #expect(throws: EventDeliveryError.self) { try EventDelivery(body: [UInt8]("{\"message\":\"".utf8) + [0xFF] + Array("\"}".utf8)) }
        // As deep as no event is, and deeper than can be read.
        let error = #expect(throws: EventDeliveryError.self) { try read(String(repeating: "[", count: 100_000)) }
        #expect(error?.description.hasPrefix("expected change events as JSON") == true)
    }

    @Test func aNameIsFoundInTheEntityToo() throws {
        let rest = #""id":"a","eventType":"entityUpdated","entityType":"table","entityId":"e1","timestamp":1"#
        for body in [
            #"{\#(rest),"entity":"{\"name\":\"t\",\"fullyQualifiedName\":\"shop.main.\\\"a.b\\\".t\"}"}"#,
            #"{\#(rest),"entity":{"name":"t","fullyQualifiedName":"shop.main.\"a.b\".t"}}"#,
        ] {
            #expect(try read(body).events.map(\.qualifiedName) == [#"shop.main."a.b".t"#])
        }
        for body in ["{\(rest)}", "{\(rest),\"entity\":\"no JSON\"}", "{\(rest),\"entity\":7}", "{\(rest),\"entity\":null}"] {
            let event = try #require(try read(body).events.first)
            #expect(event.qualifiedName == nil)
            #expect(event.service == nil)
        }
    }

    @Test func withoutAnIDEventsAreToldApartByTheirVersions() throws {
        func id(_ version: String) throws -> String? {
            try read(#"{"eventType":"entityUpdated","entityType":"table","entityId":"e1","timestamp":1,"currentVersion":\#(version)}"#)
                .events.first?.id
        }
        #expect(try id("0.2") == id("0.2"))
        #expect(try id("0.2") != id("0.3"))
    }

    @Test func whatWasThereBeforeIsKeptOfWhatIsWrittenBack() throws {
        let description = #"""
            ,"changeDescription":{"previousVersion":0.1,
             "fieldsAdded":[{"name":"columns.id.description","newValue":"New."},{"name":"tags","newValue":"[{\"tagFQN\":\"A.b\"}]"}],
             "fieldsUpdated":[{"name":"description","oldValue":"Old.","newValue":"New."},
               {"name":"displayName","oldValue":"a","newValue":"b"}],
             "fieldsDeleted":[{"name":"owners","oldValue":"[]"},{"name":"columns","oldValue":"[{\"name\":\"x\"}]"},
               {"name":"columns.\"a.b\".tags","oldValue":[{"tagFQN":"A.c"}]}]}
            """#
        let expected = [
            CatalogFieldChange(name: "columns.id.description", before: nil),
            CatalogFieldChange(name: "tags", before: nil, after: #"[{"tagFQN":"A.b"}]"#),
            CatalogFieldChange(name: "description", before: "Old."),
            CatalogFieldChange(name: "owners", before: "[]"),
            CatalogFieldChange(name: "columns", before: nil),
            // A value of another form than releases so far have: it is there, and says nothing.
            CatalogFieldChange(name: #"columns."a.b".tags"#, before: ""),
        ]
        #expect(try read(event("a", with: description)).events.first?.changes == expected)
        // Of several edits that were put together, this one counts.
        let incremental = #","incrementalChangeDescription":{"fieldsUpdated":[{"name":"description","oldValue":"Just now."}]}"#
        #expect(try read(event("a", with: description + incremental)).events.first?.changes == [
            CatalogFieldChange(name: "description", before: "Just now."),
        ])
        #expect(try read(event("a", with: #","changeDescription":null"#)).events.first?.changes == [])
    }

    @Test func tenMegabytesAreTaken() throws {
        let filler = String(repeating: "An entity with a long description. ", count: 300)
        let entity = #","entity":"{\"description\":\"\#(filler)\"}""#
        let body = "[" + (0..<1000).map { event("e\($0)", with: entity) }.joined(separator: ",") + "]"
        #expect(body.utf8.count > 10_000_000)
        #expect(try read(body).events.count == 1000)
    }
}
