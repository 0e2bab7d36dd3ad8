import CRevmeta
import Testing

@testable import RevmetaRunner

/// Structs that have grown since a plugin was built.
@Suite struct GrowingStructTests {
    /// As a later version may have it.
    struct Grown: GrowingStruct, Equatable {
        var first: UInt32 = 0
        var second: UInt32 = 0
        var later: UInt64 = 0
        static let firstSize = 8
    }

    @Test(arguments: [8, 12, 16, 24]) func whatAShorterOneLacksIsZero(size: Int) throws {
        let all = [UInt32](repeating: 0xFFFF_FFFF, count: 8)
        let copy = all.withUnsafeBytes { $0.baseAddress!.load(Grown.self, of: size) }
        #expect(copy == Grown(
            first: .max, second: .max, later: size == 8 ? 0 : size == 12 ? 0xFFFF_FFFF : .max))
    }

    @Test(arguments: [7, 8, 16, 1 << 16, 1 << 16 + 1]) func ofATableAtLeastItsFirstSizeIsThere(size: UInt32) {
        let all = [size] + [UInt32](repeating: 0, count: 7)
        let copy = all.withUnsafeBytes { bytes in
            Result { () throws(UnusablePlugin) in try boundedCopy(bytes.baseAddress!, as: Grown.self, of: "table", in: "it") }
        }
        #expect((try? copy.get())?.first == (size < 8 || size > 1 << 16 ? nil : size))
    }

    /// No struct has shrunk.
    @Test func todaysStructsHoldWhatTheFirstHeld() {
        func fits<T: GrowingStruct>(_ type: T.Type) -> Bool { MemoryLayout<T>.size >= T.firstSize }
        #expect(fits(revmeta_plugin.self) && fits(revmeta_connector.self) && fits(revmeta_template.self))
        #expect(fits(revmeta_interrupt.self) && fits(revmeta_dialect.self) && fits(revmeta_failure.self))
        #expect(fits(revmeta_fact.self) && fits(revmeta_ability.self) && fits(revmeta_statement.self))
        #expect(fits(revmeta_outcome.self))
    }
}
