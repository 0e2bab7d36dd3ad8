import RevmetaPlugin

/// Which server it is, and from which release on it has what the connector uses.
struct Flavour: Equatable {
    let isMariaDB: Bool
    /// 101119 for 10.11.19.
    let version: Int
    /// Whether new tables keep times of day as MySQL 5.6 does, or as MariaDB 5.3 did: `mysql56_temporal_format`.
    var keepsTimesAsMySQL = true

    /// - Parameter text: What `version()` gives: `8.0.36`, `10.11.19-MariaDB-log`.
    init(version text: String) throws(Failure) {
        // Put before the version by older MariaDB, for replicas that would not take a 10.
        let bare = text.hasPrefix("5.5.5-") ? text.dropFirst(6) : text[...]
        let numbers = bare.prefix { $0.isNumber || $0 == "." }.split(separator: ".").compactMap { Int($0) }
        isMariaDB = text.contains("MariaDB")
        version = (numbers + [0, 0, 0]).prefix(3).reduce(0) { $0 * 100 + $1 }
        guard version >= (isMariaDB ? 10_02_00 : 5_07_00) else {
            throw Failure(
                .config, "expected MySQL 5.7 or newer, or MariaDB 10.2 or newer, found \(text): the connector for "
                    + "MySQL and MariaDB cannot be used with it")
        }
    }

    /// How an ALTER says that it must change nothing but what is kept beside the data.
    ///
    /// MariaDB has INSTANT from 10.3 on. MySQL's manual promises INPLACE for comments, and INSTANT for other things
    /// only.
    ///
    /// What is made of other tables (MERGE) is not altered without a lock, which lasts no longer than elsewhere.
    func withoutCopy(engine: String?) -> String {
        let algorithm = isMariaDB && version >= 10_03_00 ? "ALGORITHM=INSTANT" : "ALGORITHM=INPLACE"
        return engine?.uppercased() == "MRG_MYISAM" ? algorithm : algorithm + ", LOCK=NONE"
    }

    /// Whether variables take their type from a column, in a block that is not kept.
    var hasTypeOf: Bool { isMariaDB && version >= 10_03_00 }

    var hasSchemaComments: Bool { isMariaDB && version >= 10_05_00 }
}
