import Foundation
import Testing

@testable import RevmetaJSON

@Suite struct TextWindowTests {
    /// Reads a file through a window that takes up as little as it can; `keeping` bytes stay behind the reader.
    private func read(_ bytes: [UInt8], capacity: Int, keeping: Int = 0, maximumSize: Int = 1024) throws -> [UInt8] {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("text-\(UUID().uuidString)").path
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let window = try TextWindow(path: path, capacity: capacity, maximumSize: maximumSize)
        var text: [UInt8] = []
        repeat {
            window.withBytes(from: text.count) { bytes in
                for index in bytes.indices { text.append(bytes[index]) }
            }
        } while try window.advance(keepingFrom: max(0, text.count - keeping))
        return text
    }

    @Test(arguments: 1...9)
    func showsTheWholeText(capacity: Int) throws {
        let text = Array("a\u{0}ü€😀 the end, €".utf8)
        for keeping in [0, 1, 20] { #expect(try read(text, capacity: capacity, keeping: keeping) == text) }
        #expect(try read([0xEF, 0xBB, 0xBF] + text, capacity: capacity) == text)
    }

    @Test(arguments: 1...9)
    func namesTheByteThatIsNotUTF8(capacity: Int) {
        for (bytes, place) in [
            (Array("ok ü".utf8) + [0xFF, 0x41, 0x42, 0x43, 0x44], 5), ([0x41, 0xE2, 0x82, 0x41, 0x41, 0x41], 1),
            ([0x41, 0x42, 0xE2, 0x82], 2), ([0xEF, 0xBB, 0xBF, 0x41, 0xC0], 4), ([0xFF, 0xFE, 0x7B, 0x00], 0),
        ] {
            #expect(throws: Fault("the byte at offset \(place) is not UTF-8; save the file in UTF-8")) {
                try read(bytes, capacity: capacity)
            }
        }
    }

    @Test func growsOnlyUpToItsLimit() throws {
        let text = [UInt8](repeating: 0x41, count: 100)
        #expect(try read(text, capacity: 16, keeping: 100, maximumSize: 256) == text)
        #expect(throws: Fault("what starts here does not end within 64 bytes")) {
            try read(text, capacity: 16, keeping: 100, maximumSize: 64)
        }
    }

    @Test func aFolderIsNoText() throws {
        let folder = FileManager.default.temporaryDirectory.path
        let window = try TextWindow(path: folder)
        #expect(throws: Fault("cannot be read: Is a directory")) { try window.advance(keepingFrom: 0) }
        #expect(throws: Fault("cannot be opened: No such file or directory")) {
            try TextWindow(path: folder + "/there-is-no-such-file")
        }
    }
}
