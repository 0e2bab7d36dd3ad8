@testable import RevmetaEngine
import RevmetaModel
import Testing

@Suite struct AlikeChannelsTests {
    private func firsts(_ renderings: [ChannelRendering?], of channels: [Int]) -> [Int] {
        var visited: [Int] = []
        AlikeChannels(renderings).forEachFirst(of: channels) { visited.append($0) }
        return visited
    }

    private let markdown = ChannelRendering.description(.markdown), plain = ChannelRendering.description(.plain)

    @Test func theFirstOfThoseThatTakePartStandsForAllThatAreAlike() {
        let renderings = [markdown, plain, nil, markdown, plain]
        #expect(firsts(renderings, of: [0, 1, 2, 3, 4]) == [0, 1])
        #expect(firsts(renderings, of: [2, 3, 4]) == [3, 4])
        #expect(firsts(renderings, of: [1, 3, 4]) == [1, 3])
    }

    @Test func whatHasNoRenderingIsPassedOver() {
        #expect(firsts([nil, nil], of: [0, 1]) == [])
        #expect(firsts([plain], of: []) == [])
    }
}
