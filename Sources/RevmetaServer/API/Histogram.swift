/// How long things took, sorted by length.
struct Histogram {
    /// In seconds; what takes longer is in the last place.
    static let bounds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600]

    private var counts = [Int](repeating: 0, count: bounds.count + 1)
    private(set) var sum = 0.0

    mutating func add(_ seconds: Double) {
        counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
        sum += seconds
    }

    /// The samples that Prometheus wants of it: each place counts those before it too.
    func samples(labels: [(name: String, value: String)]) -> [MetricFamily.Sample] {
        var total = 0, samples: [MetricFamily.Sample] = []
        for (count, bound) in zip(counts, Self.bounds + [.infinity]) {
            total += count
            samples.append(MetricFamily.Sample(
                suffix: "_bucket", labels: labels + [("le", MetricFamily.number(bound))], value: Double(total)))
        }
        samples.append(MetricFamily.Sample(suffix: "_sum", labels: labels, value: sum))
        samples.append(MetricFamily.Sample(suffix: "_count", labels: labels, value: Double(total)))
        return samples
    }
}
