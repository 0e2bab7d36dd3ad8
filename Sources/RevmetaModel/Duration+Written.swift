extension Duration {
    private static var units: [(suffix: String, seconds: Int64)] { [("s", 1), ("m", 60), ("h", 3600), ("d", 86400)] }

    /// A time as people write it: a whole number with its unit (`30s`, `10m`, `2h`, `90d`), or of seconds. Nil: it is none,
    /// or shorter than the least.
    public init?(written: String, atLeast least: Duration = .seconds(1)) {
        let unit = Self.units.first { written.hasSuffix($0.suffix) }
        let digits = written.dropLast(unit == nil ? 0 : 1)
        guard digits.count <= 9, digits.allSatisfy({ $0.isASCII && $0.isNumber }), let count = Int64(digits) else { return nil }
        self = .seconds(count * (unit?.seconds ?? 1))
        if self < least { return nil }
    }
}
