import RevmetaRunner
import Testing

@testable import RevmetaHost

@Suite struct FrameMemoryTests {
    private let sizes = FrameMemory.sizes

    /// Whether a frame is written into memory that another was in. That is told by there being more than was asked for.
    private func isReused(_ memory: FrameMemory, for size: Int) -> Bool {
        var writer = memory.writer(for: size)
        return writer.take().capacity >= 2 * size
    }

    private func give(_ memory: FrameMemory, _ size: Int) {
        memory.take([UInt8](repeating: 7, count: size))
    }

    @Test func whatWasSentServesTheNextAndIsForgotten() {
        let memory = FrameMemory()
        give(memory, 2 * sizes.lowerBound)
        var writer = memory.writer(for: sizes.lowerBound)
        writer.text("new")
        #expect(writer.bytes == [3, 0, 0, 0] + Array("new".utf8))
        #expect(writer.take().capacity >= 2 * sizes.lowerBound)
        #expect(!isReused(memory, for: sizes.lowerBound))
    }

    @Test func neitherSmallNorVeryLargeOnesAreKept() {
        let memory = FrameMemory()
        give(memory, sizes.lowerBound - 1)
        give(memory, sizes.upperBound + 1)
        #expect(!isReused(memory, for: sizes.lowerBound))
    }

    @Test func twoAreKept() {
        let memory = FrameMemory()
        for _ in 1...3 { give(memory, sizes.upperBound) }
        #expect(isReused(memory, for: sizes.lowerBound) && isReused(memory, for: sizes.lowerBound))
        #expect(!isReused(memory, for: sizes.lowerBound))
    }

    /// A large frame has its memory yet, whatever was written before it.
    @Test func whatIsLargeIsLeftForLargeFrames() {
        let memory = FrameMemory(), small = sizes.lowerBound
        give(memory, 32 * small)
        give(memory, 4 * small)
        #expect(!isReused(memory, for: 100))
        var writer = memory.writer(for: small)
        #expect(writer.take().capacity < 32 * small)
        #expect(!isReused(memory, for: 64 * small))
        writer = memory.writer(for: 8 * small)
        #expect(writer.take().capacity >= 32 * small)
    }
}
