import Foundation
import RevmetaEngine
import RevmetaFilters
import RevmetaModel

/// Any text whatever gives a filter or an error, and a filter an answer.
struct FuzzTrial {
    private var state: UInt64
    private let seeds: [[UInt8]]
    /// What filters are made of, so that a text goes wrong late.
    private let parts: [[UInt8]]
    private let document = SearchDocument(
        [.name: ["fact_orders"], .tag: ["PII.Sensitive"], .version: ["0.3"], .description: ["One row for each order."]],
        untold: [.domainName, .ownerName], properties: [SearchDocument.Property(name: "a", values: ["b"])])

    init(seed: UInt64, folder: String) throws {
        state = seed
        var seeds: [String] = []
        for file in ["elasticsearch.txt", "jsonlogic.txt"] {
            for line in try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8).split(separator: "\n") {
                guard line.first == "{", let filter = line.components(separatedBy: " => ").first else { continue }
                seeds.append(file == "jsonlogic.txt" || filter.hasPrefix("{\"query\"") ? filter : "{\"query\":\(filter)}")
            }
        }
        self.seeds = seeds.map { Array($0.utf8) }
        parts = [
            "{", "}", "[", "]", "\"", ",", ":", "\\", "\\u00e9", "\\ud83d\\ude00", "*", "?", "(", ")", "|", "{2,3}", "[^a-", "+", ".", "\"\"",
            "@", "#", "~", "0", "-1", "1e9", "99999999999999999999", "%", "null", "true", "{\"bool\":{\"must\":[", "{\"!\":", "{\"var\":",
            "\"should\":", "\"minimum_should_match\":", "\"-9223372036854775808\"", "\u{0}", "\u{E9}", "\u{1F600}", "e\u{301}", "((((", "[[[[",
        ].map { Array($0.utf8) }
    }

    private mutating func roll(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    mutating func run(_ count: Int) throws {
        var understood = 0, refused = 0, selected = 0
        for _ in 0..<count {
            let text = String(decoding: mutant(), as: UTF8.self)
            do throws(FilterError) {
                let filter = try SavedFilter(text)
                understood += 1
                if filter.condition.matches(document) == true { selected += 1 }
            } catch {
                guard !error.message.isEmpty else { fatalError("an error without a message for \(text)") }
                refused += 1
            }
        }
        // Not all of them are nonsense, and not all of them are fine.
        guard understood > count / 50, refused > count / 50, selected > count / 500 else {
            fatalError("\(understood) understood, \(refused) refused, \(selected) selected: the texts say nothing")
        }
        print("\(count) texts: \(understood) understood, \(refused) refused with a reason, \(selected) selected the entity")
    }

    private mutating func mutant() -> [UInt8] {
        var bytes = seeds[roll(seeds.count)]
        // Clauses in each other's places, which JSON allows and filters may not.
        for _ in 0...roll(3) {
            let other = seeds[roll(seeds.count)]
            if let here = part(of: bytes), let there = part(of: other) { bytes.replaceSubrange(here, with: other[there]) }
        }
        // Then, mostly, what JSON does not allow either.
        guard roll(3) > 0 else { return bytes }
        for _ in 0...roll(2) {
            let place = roll(bytes.count + 1)
            switch roll(6) {
            case 0 where place < bytes.count: bytes[place] = UInt8(truncatingIfNeeded: roll(256))
            case 1 where place < bytes.count: bytes.removeSubrange(place..<min(bytes.count, place + 1 + roll(8)))
            case 2:
                // A piece of another filter.
                let other = seeds[roll(seeds.count)], start = roll(other.count)
                bytes.insert(contentsOf: other[start..<min(other.count, start + 1 + roll(40))], at: place)
            default: bytes.insert(contentsOf: parts[roll(parts.count)], at: place)
            }
        }
        return bytes
    }

    /// An object, a list or a text, from its first sign to its last.
    private mutating func part(of bytes: [UInt8]) -> Range<Int>? {
        guard !bytes.isEmpty else { return nil }
        let place = roll(bytes.count)
        guard let start = bytes[place...].firstIndex(where: { $0 == 0x7B || $0 == 0x5B || $0 == 0x22 }) else { return nil }
        if bytes[start] == 0x22 {
            guard let end = bytes[(start + 1)...].firstIndex(of: 0x22) else { return nil }
            return start..<(end + 1)
        }
        var depth = 0
        for index in start..<bytes.count {
            if bytes[index] == 0x7B || bytes[index] == 0x5B { depth += 1 }
            if bytes[index] == 0x7D || bytes[index] == 0x5D { depth -= 1 }
            if depth == 0 { return start..<(index + 1) }
        }
        return nil
    }
}
