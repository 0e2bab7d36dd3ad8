import RevmetaDigest
import Testing

@Suite struct CompactFieldsTests {
    private func bytes(of numbers: Int...) -> [UInt8] {
        var fields = CompactFields()
        for number in numbers { fields.append(number) }
        return fields.bytes
    }

    private func bytes(of texts: String?...) -> [UInt8] {
        var fields = CompactFields()
        for text in texts { fields.append(text) }
        return fields.bytes
    }

    @Test func numbersTakeAsManyBytesAsTheyNeed() {
        #expect(bytes(of: 0, 1, 127) == [0, 1, 127])
        #expect(bytes(of: 128, 300) == [0x80, 0x01, 0xAC, 0x02])
        #expect(bytes(of: .max) == [UInt8](repeating: 0xFF, count: 8) + [0x7F])
    }

    @Test func textsHaveTheirLengthsInFront() {
        #expect(bytes(of: nil, "", "é") == [0, 1, 3, 0xC3, 0xA9])
        #expect(bytes(of: String(repeating: "x", count: 127)) == [0x80, 0x01] + [UInt8](repeating: 0x78, count: 127))
    }

    @Test func listsThatReadAlikeAreApart() {
        let lists: [[String?]] = [["ab"], ["a", "b"], ["", "ab"], ["ab", ""], ["a", nil, "b"], [nil, "ab"], ["ab", nil], []]
        let all = lists.map { list in
            var fields = CompactFields()
            for text in list { fields.append(text) }
            return fields.bytes
        }
        #expect(Set(all).count == lists.count)
    }

    @Test func beginsAnew() {
        var fields = CompactFields()
        fields.append("gone")
        fields.removeAll()
        fields.append(7)
        #expect(fields.bytes == [7])
    }
}
