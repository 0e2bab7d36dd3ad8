extension String {
    /// The text with a scalar doubled wherever it stands.
    ///
    /// Works on scalars: a quote followed by a combining mark is one Character, and must be doubled all the same.
    public func doubling(_ quote: Unicode.Scalar) -> String {
        var doubled = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            doubled.append(scalar)
            if scalar == quote { doubled.append(scalar) }
        }
        return String(doubled)
    }
}
