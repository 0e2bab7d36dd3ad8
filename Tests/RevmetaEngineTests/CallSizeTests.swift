import Testing

@testable import RevmetaEngine

@Suite struct CallSizeTests {
    @Test func itBeginsSmallAndGrowsWithAFastSource() {
        var size = CallSize()
        #expect(size.next() == 500)
        #expect(size.next() == 1000)
        size.took(.milliseconds(10), for: 500)
        #expect(size.next() == 4000)
        size.took(.milliseconds(20), for: 1000)
        #expect(size.next() == 8200)
        size.took(.milliseconds(80), for: 4000)
        #expect(size.next() == 8200)
    }

    @Test func aSlowSourceGetsFew() {
        var size = CallSize()
        _ = (size.next(), size.next())
        // A third of a second each: two thousand of them would take longer than a call may.
        size.took(.seconds(150), for: 500)
        #expect(size.next() == 100)
        size.took(.milliseconds(500), for: 100)
        #expect(size.next() == 400)
        size.took(.milliseconds(200), for: 400)
        #expect(size.next() == 1600)
        #expect(size.next() == 4000)
    }

    @Test func whatIsNotKnownIsTakenForSlow() {
        var size = CallSize()
        _ = (size.next(), size.next())
        #expect(size.next() == 1000)
        size.took(.zero, for: 1000)
        size.took(.seconds(1), for: 0)
        #expect(size.next() == 1000)
    }
}
