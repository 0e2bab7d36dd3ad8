import CODBC
import Glibc

/// How texts cross to a driver.
///
/// Between a program and a driver of different kinds the manager would convert, by an encoding that it guesses from the
/// locale: in the C locale it turns all but Latin letters into question marks. So each driver is called in its own way.
enum TextForm {
    /// UTF-16, by the functions whose names end in W.
    case wide
    /// Bytes, which a driver without those functions passes on; ours are UTF-8.
    case utf8

    /// The way of the driver that a connection string names.
    static func of(_ string: ConnectionString) -> TextForm {
        guard let driver = string["Driver"] ?? string["DSN"].flatMap({ value("Driver", of: $0, in: "odbc.ini") }),
            let library = open(driver)
        else { return .wide }
        return dlsym(library, "SQLExecDirectW") != nil ? .wide : .utf8
    }

    /// The library stays loaded, as the manager would have it for the connection anyway.
    private static func open(_ driver: String) -> UnsafeMutableRawPointer? {
        let name = driver.contains("/") ? driver : value("Driver", of: driver, in: "odbcinst.ini") ?? driver
        if let library = dlopen(name, RTLD_LAZY | RTLD_LOCAL) { return library }
        guard !name.contains("/"), let folder = managerFolder else { return nil }
        return dlopen("\(folder)/odbc/\(name)", RTLD_LAZY | RTLD_LOCAL)
            ?? dlopen("\(folder)/\(name)", RTLD_LAZY | RTLD_LOCAL)
    }

    private static func value(_ key: String, of section: String, in file: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 1024)
        let length = SQLGetPrivateProfileString(section, key, "", &buffer, Int32(buffer.count), file)
        guard length > 0 else { return nil }
        return String(decoding: buffer.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Where the driver manager's library lies; it looks for drivers beside it.
    private static let managerFolder: String? = {
        guard let maps = fopen("/proc/self/maps", "re") else { return nil }
        defer { fclose(maps) }
        var line: UnsafeMutablePointer<CChar>?, capacity = 0
        defer { free(line) }
        while getline(&line, &capacity, maps) > 0 {
            let text = String(cString: line!)
            guard let start = text.firstIndex(of: "/"), let file = text.range(of: "/libodbc.so") else { continue }
            return String(text[start..<file])
        }
        return nil
    }()
}

extension String {
    /// Where a text begins in this one, byte for byte.
    fileprivate func range(of part: String) -> String.Index? {
        utf8.indices.first { utf8[$0...].starts(with: part.utf8) }
    }
}

extension TextForm {
    /// Lends a text to a call, ended by a zero.
    func lend<Result>(
        _ text: String, wide: (UnsafeMutablePointer<SQLWCHAR>) -> Result, narrow: (UnsafeMutablePointer<SQLCHAR>) -> Result
    ) -> Result {
        switch self {
        case .wide:
            var units = Array(text.utf16)
            units.append(0)
            return units.withUnsafeMutableBufferPointer { wide($0.baseAddress!) }
        case .utf8:
            var bytes = Array(text.utf8)
            bytes.append(0)
            return bytes.withUnsafeMutableBufferPointer { narrow($0.baseAddress!) }
        }
    }
}
