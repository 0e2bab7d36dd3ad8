import Foundation
import RevmetaJSON
import Testing

@testable import RevmetaCatalog

/// What is read without the decoder is what the decoder reads, and nothing else.
@Suite struct AnswersScanningTests {
    /// What the cursor reads; nil: it leaves it to the decoder.
    private func scanned(_ text: [UInt8]) -> EntityAnswer? {
        try? JSONCursor.read(text.span) { cursor, bytes throws(JSONCursor.Unusual) in try EntityAnswer(&cursor, bytes) }
    }

    private func decoded(_ text: [UInt8]) -> EntityAnswer? {
        try? JSONDecoder().decode(EntityAnswer.self, from: Data(text))
    }

    private static let whole = #"""
        { "id": "6a3c", "name": "orders", "fullyQualifiedName": "shop.shop.public.orders", "displayName": null,
          "description": "Alle Aufträge \u00e4 \"so\" \\ \/ \b\f\n\r\t \ud83d\ude00 😀 \u0000", "unknown": [1, -0.5e+3, {"a": []}, "x"],
          "service": {"id": "1", "type": "databaseService", "name": "shop", "deleted": false}, "serviceType": "Postgres",
          "database": {"name": "shop", "fullyQualifiedName": "shop.shop"}, "databaseSchema": {"name": "public"},
          "tableType": "Regular", "columns": [
            {"name": "id", "dataType": "INT", "tags": [], "ordinalPosition": 1, "description": ""},
            {"name": "address", "tags": [{"tagFQN": "PII.Sensitive", "source": "Classification", "state": "Confirmed"}],
             "children": [{"name": "street", "displayName": "Street", "children": null}]}],
          "owners": [{"id": "7", "type": "user", "name": "jane.doe", "inherited": true}, {"type": "team"}],
          "owner": {"type": "team", "displayName": "Finance"}, "tags": [{"tagFQN": "Tier.Tier1", "labelType": "Manual"}],
          "deleted": false, "domains": [{"name": "sales"}], "domain": null, "dataProducts": [], "followers": [{"id": "9"}],
          "certification": {"tagLabel": {"tagFQN": "Certification.Gold"}, "appliedDate": 1743500000000},
          "extension": {"cost": 12, "secret": true, "people": [{"name": "b", "id": "a"}, ["c"]], "text": "t"},
          "entityStatus": "Approved", "updatedBy": "bot", "updatedAt": 1743500000000, "version": 0.1 }
        """#

    @Test func readsWhatTheDecoderReads() throws {
        let text = Array(Self.whole.utf8)
        let answer = try #require(scanned(text))
        #expect(answer == decoded(text))
        #expect(answer.columns?.last?.children?.first?.displayName == "Street")
        #expect(answer.extension?["people"]?.texts == ["a", "b", "c"])
        #expect(answer.description?.unicodeScalars.last == "\0")
    }

    @Test(arguments: [
        "", " ", "[]", "nul", "{", #"{"name":"a"} x"#, #"{"name" "a"}"#, #"{"name":a}"#, #"{name:"a"}"#,
        #"{"name":"\ud800"}"#, #"{"name":"\udc00\ud800"}"#, #"{"name":"\x"}"#, #"{"name":"\u12g4"}"#, #"{"name":"a"#,
        #"{"name":"\"#, "{\"name\":\"a\u{1}\"}", #"{"name":1}"#, #"{"deleted":"no"}"#, #"{"deleted":tru}"#,
        #"{"columns":[{"description":"x"}]}"#, #"{"columns":[null]}"#, #"{"columns":[{"name":null}]}"#, #"{"tags":[{}]}"#,
        #"{"owners":[{"name":"x"}]}"#, #"{"updatedAt":1.5}"#, #"{"updatedAt":99999999999999999999}"#, #"{"version":1e999}"#,
        #"{"service":[]}"#, #"{"tags":{}}"#, #"{"name":"a" "id":"b"}"#, #"{,"name":"a"}"#, #"{"columns":[,]}"#,
    ])
    func leavesToTheDecoderWhatItRefuses(_ text: String) {
        #expect(decoded(Array(text.utf8)) == nil)
        #expect(scanned(Array(text.utf8)) == nil)
    }

    @Test(arguments: [
        #"{"name":"a",}"#, #"{"name":"a","name":"b"}"#, #"{"n\u0061me":"a"}"#, #"{"unknown":01}"#, #"{"updatedAt":1e3}"#, #"{"extension":{"a":0.5}}"#,
        #"{"extension":{"a":null}}"#, #"{"extension":{"a":1,"a":2}}"#,
        "{\"unknown\":" + String(repeating: "[", count: 100) + String(repeating: "]", count: 100) + "}",
    ])
    func leavesToTheDecoderWhatIsUnusual(_ text: String) {
        #expect(scanned(Array(text.utf8)) == nil)
    }

    /// Texts are looked through eight bytes at a time.
    @Test func eachByteAnywhereInATextIsWhatTheDecoderMakesOfIt() {
        for place in 0..<20 {
            for byte in UInt8(0)..<0x80 {
                var text = Array(#"{"name":"abcdefghijklmnopqrst","id":"n"}"#.utf8)
                text[9 + place] = byte
                // A quote ends the text, and what comes then is no JSON.
                let expected = byte < 0x20 ? nil : decoded(text)
                #expect(scanned(text) == expected, "byte \(byte) at \(place)")
            }
            // A quote and a backslash, but for the highest bit.
            for odd in ["\u{A2}", "\u{700}", "\u{A0}\u{A2}", "\u{700}\u{A2}"] {
                let text = Array(("{\"name\":\"" + String(repeating: "a", count: place) + odd + "b\",\"id\":\"n\"}").utf8)
                let answer = scanned(text)
                #expect(answer != nil && answer == decoded(text), "\(odd) at \(place)")
            }
        }
    }

    /// Cuts, drops, doubles and replaces bytes anywhere: whatever is still accepted is what the decoder makes of it.
    @Test func acceptsNothingThatTheDecoderReadsInAnotherWay() {
        var random = Drawn(state: 20_261_125)
        let whole = Array(Self.whole.utf8)
        let replacements = Array(#""\{}[],:0-.eEtn u/"#.utf8) + [0, 9, 10, 0x7F, 0xC3, 0xFF]
        var accepted = 0
        for _ in 0..<4000 {
            var text = whole
            for _ in 0...Int(random.next() % 2) {
                let place = Int(random.next() % UInt64(text.count))
                switch random.next() % 4 {
                case 0: text.remove(at: place)
                case 1: text.insert(text[place], at: place)
                case 2: text.insert(replacements[Int(random.next() % UInt64(replacements.count))], at: place)
                default: text[place] = replacements[Int(random.next() % UInt64(replacements.count))]
                }
            }
            // Only text that is UTF-8 comes so far.
            guard String(validating: text, as: UTF8.self) != nil, let answer = scanned(text) else { continue }
            accepted += 1
            #expect(answer == decoded(text), "\(String(decoding: text, as: UTF8.self))")
        }
        #expect(accepted > 400)
    }
}

/// The same numbers each time.
private struct Drawn {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }
}
