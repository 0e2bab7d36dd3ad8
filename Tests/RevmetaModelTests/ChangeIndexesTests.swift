import RevmetaModel
import Testing

@Suite struct ChangeIndexesTests {
    private static let lists: [[Int]] = [
        [], [0], [7], [3, 4, 5], [3, 5], [5, 4], [4, 4], [3, 4, 6, 7], [-2, -1, 0], [Int(Int32.max) - 1, Int(Int32.max)],
        [Int(Int32.max)], [1 << 40, (1 << 40) + 1], [0, 1 << 40],
    ]

    @Test(arguments: lists) func holdsWhatItIsGiven(list: [Int]) {
        let indexes = ChangeIndexes(list)
        #expect(Array(indexes) == list)
        #expect(indexes.count == list.count)
        #expect(indexes.last == list.last)
        var appended = ChangeIndexes()
        for index in list { appended.append(index) }
        #expect(appended == indexes)
    }

    @Test(arguments: lists, [0, 1, -3, 1 << 33]) func shifts(list: [Int], distance: Int) {
        #expect(Array(ChangeIndexes(list).shifted(by: distance)) == list.map { $0 + distance })
        #expect(ChangeIndexes(list).shifted(by: distance).shifted(by: -distance) == ChangeIndexes(list))
    }

    @Test func onlyTheSameAreEqual() {
        for (place, list) in Self.lists.enumerated() {
            for (other, another) in Self.lists.enumerated() {
                #expect((ChangeIndexes(list) == ChangeIndexes(another)) == (place == other))
            }
        }
    }
}
