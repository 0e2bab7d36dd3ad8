extension Reader where Value == [String: String] {
    /// Owners to principals.
    static let principals: Reader = Reader<[Named<String>]>.names(to: .text).map { entries in
        Dictionary(
            entries.compactMap { entry in entry.value.map { (entry.name, $0) } },
            uniquingKeysWith: { first, _ in first })
    }
}
