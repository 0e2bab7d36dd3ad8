import RevmetaRunner
import Testing

@testable import RevmetaHost

@Suite struct FrameMemoryTests {
    /// How many bytes there is memory for, of what may be written next.
    private func room(_ memory: FrameMemory) -> Int {
        var writer = memory.writer()
        return writer.take().capacity
    }

    @Test func whatWasSentServesTheNextAndIsForgotten() {
        let memory = FrameMemory(), size = FrameMemory.sizes.lowerBound
        memory.take([UInt8](repeating: 7, count: size))
        var writer = memory.writer()
        writer.text("new")
        #expect(writer.bytes == [3, 0, 0, 0] + Array("new".utf8))
        #expect(writer.take().capacity >= size)
        #expect(room(memory) == 0)
    }

    @Test func twoAreKeptAndNeitherSmallNorVeryLargeOnes() {
        let memory = FrameMemory(), sizes = FrameMemory.sizes
        memory.take([UInt8](repeating: 7, count: sizes.lowerBound - 1))
        memory.take([UInt8](repeating: 7, count: sizes.upperBound + 1))
        #expect(room(memory) == 0)
        for _ in 1...3 { memory.take([UInt8](repeating: 7, count: sizes.upperBound)) }
        #expect(room(memory) >= sizes.upperBound && room(memory) >= sizes.upperBound && room(memory) == 0)
    }
}
