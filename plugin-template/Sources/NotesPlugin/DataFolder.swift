internal import RevmetaPlugin

/// The folder of the data, as one call sees it: each folder in it is listed, each file in it read, at most once.
final class DataFolder {
    private let path: String
    private var names: Set<[UInt8]>?
    private var schemas: [[UInt8]: SchemaFolder] = [:]

    init(path: String) {
        self.path = path
    }

    /// The folder that is a schema. Nil: there is none of this name.
    ///
    /// Names are looked up in a listing: asked by path, `..` or another case of letters might find something too.
    func schema(_ name: String) throws(Failure) -> SchemaFolder? {
        let key = Array(name.utf8)
        if let known = schemas[key] { return known }
        guard try listed().contains(key), Files.isFolder(path + "/" + name) else { return nil }
        let schema = try SchemaFolder(path: path + "/" + name)
        schemas[key] = schema
        return schema
    }

    private func listed() throws(Failure) -> Set<[UInt8]> {
        if let names { return names }
        let listed = Set(try Files.names(in: path).filter { !$0.hasPrefix(".") }.map { Array($0.utf8) })
        names = listed
        return listed
    }
}

/// One schema: a folder, its CSV files, and the notes about them.
final class SchemaFolder {
    /// Whether something is there.
    enum Presence: Equatable {
        case absent
        case present
        /// It cannot be told, and why.
        case unclear(String)
    }

    var notes: NotesFile
    let path: String
    private let tables: Set<[UInt8]>
    private var headers: [[UInt8]: Result<CSVHeader, Failure>] = [:]

    init(path: String) throws(Failure) {
        self.path = path
        tables = Set(try Files.names(in: path).filter { $0.hasSuffix(".csv") }.map { Array($0.utf8) })
        notes = NotesFile(contents: try Files.contents(of: path + "/NOTES.txt") ?? Array(NotesFile.heading.utf8))
    }

    /// Whether the schema (no names), a table (one) or a column (two) is there.
    func presence(of names: ArraySlice<String>) -> Presence {
        guard let table = names.first else { return .present }
        guard tables.contains(Array(table.utf8)), Files.isFile(path + "/" + table) else { return .absent }
        guard let column = names.dropFirst().first else { return .present }
        switch header(of: table) {
        case .failure(let failure):
            return .unclear(failure.message)
        case .success(let header):
            switch header.counts[Array(column.utf8)] ?? 0 {
            case 0: return .absent
            case 1: return .present
            default: return .unclear("several columns of \(table) have this name: rename all but one")
            }
        }
    }

    private func header(of table: String) -> Result<CSVHeader, Failure> {
        let key = Array(table.utf8)
        if let known = headers[key] { return known }
        let header = readHeader(path + "/" + table)
        headers[key] = header
        return header
    }

    private func readHeader(_ path: String) -> Result<CSVHeader, Failure> {
        Result { () throws(Failure) in
            var header = CSVHeader()
            try Files.read(path) { header.take($0) }
            if header.isTooLong {
                throw Failure(.failed, "the first line of '\(path)' is longer than \(CSVHeader.maxLength) bytes")
            }
            header.finish()
            return header
        }
    }

    /// Puts the notes on disk, if they changed.
    func save() throws(Failure) {
        if notes.isChanged { try Files.replace(path + "/NOTES.txt", in: path, with: notes.contents) }
    }
}

extension DataFolder {
    /// The schema of a note, which is sure to hold what the note is about.
    func schema(holding note: Note) throws(Failure) -> SchemaFolder {
        guard let schema = try schema(note.names[0]) else { throw Note.notFound(note.names[0]) }
        try schema.expect(note)
        return schema
    }
}

extension SchemaFolder {
    /// Throws unless what a note is about is there.
    func expect(_ note: Note) throws(Failure) {
        switch presence(of: note.names.dropFirst()) {
        case .absent: throw Note.notFound(note.names.joined(separator: "/"))
        case .present: return
        case .unclear(let why): throw Failure(.unsupported, why)
        }
    }
}
