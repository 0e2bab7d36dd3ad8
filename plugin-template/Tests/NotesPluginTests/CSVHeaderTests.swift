import Testing

@testable import NotesPlugin

@Suite struct CSVHeaderTests {
    private func names(_ text: String) -> [String: Int] {
        var header = CSVHeader()
        // A byte at a time: a block may end anywhere.
        for byte in text.utf8 {
            guard header.take([byte]) else { break }
        }
        header.finish()
        return Dictionary(uniqueKeysWithValues: header.counts.map { (String(decoding: $0, as: UTF8.self), $1) })
    }

    @Test(arguments: [
        ("id,total\n1,2\n", ["id": 1, "total": 1]),
        ("id,total\r\n1,2\r\n", ["id": 1, "total": 1]),
        ("id,total\r1,2", ["id": 1, "total": 1]),
        ("id,total", ["id": 1, "total": 1]),
        ("\u{FEFF}id,total\n", ["id": 1, "total": 1]),
        ("\u{FEFF}\"id\",total\n", ["id": 1, "total": 1]),
        ("\"a, b\",\"say \"\"x\"\"\",\"two\nlines\"\r\n", ["a, b": 1, "say \"x\"": 1, "two\nlines": 1]),
        ("id,,id,\n", ["id": 2]),
        (" id , \"x\"\n", [" id ": 1, " \"x\"": 1]),
        ("\"a\"b,c\n", ["ab": 1, "c": 1]),
        ("\"never closed, x\n", ["never closed, x\n": 1]),
        ("id,\u{FEFF}\n", ["id": 1, "\u{FEFF}": 1]),
        ("\n1,2\n", [:]),
        ("", [:]),
    ] as [(String, [String: Int])])
    func theFirstRecordNamesTheColumns(text: String, expected: [String: Int]) {
        #expect(names(text) == expected)
    }

    @Test func noMoreIsTakenThanTheFirstRecord() {
        var header = CSVHeader()
        let wantsMore = header.take(Array("id,to".utf8)[...])
        #expect(wantsMore)
        let wantsStillMore = header.take(Array("tal\nno,header\n".utf8)[...])
        #expect(!wantsStillMore)
        #expect(header.isComplete)
        #expect(header.counts.count == 2)
    }

    @Test func aRecordWithoutEndIsTooLong() {
        var header = CSVHeader()
        let wantsMore = header.take([UInt8](repeating: 120, count: CSVHeader.maxLength)[...])
        #expect(wantsMore && !header.isTooLong)
        let wantsStillMore = header.take([120])
        #expect(!wantsStillMore)
        #expect(header.isTooLong)
    }
}
