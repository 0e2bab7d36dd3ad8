/// How many statements a connector gets with the next call.
///
/// Many, since between two calls the source has nothing to do; but what a call ends with is noted only then, and a call that
/// takes longer than `callTimeout` is ended. So a source that is slow gets few.
struct CallSize {
    /// The first call's: until it has arrived, the source has nothing to do. The second one is brought to the connector before
    /// it is known how long the first one takes.
    private static let beginning = [500, 1000]
    private static let bounds = 100...8200
    private static let seconds = 2.0
    /// How many times the last call's: what was measured is measured of few.
    private static let mostGrowth = 4

    private var calls = 0
    private var latest = 0
    private var statementsPerSecond: Double?

    mutating func next() -> Int {
        latest = following
        calls += 1
        return latest
    }

    private var following: Int {
        if calls < Self.beginning.count { return Self.beginning[calls] }
        guard let statementsPerSecond else { return Self.beginning.last! }
        let most = min(Self.bounds.upperBound, latest * Self.mostGrowth)
        return max(Int(min(statementsPerSecond * Self.seconds, Double(most))), Self.bounds.lowerBound)
    }

    /// Notes how long a call took.
    mutating func took(_ duration: Duration, for statements: Int) {
        let parts = duration.components
        let seconds = Double(parts.seconds) + Double(parts.attoseconds) / 1e18
        if statements > 0, seconds > 0 { statementsPerSecond = Double(statements) / seconds }
    }
}
