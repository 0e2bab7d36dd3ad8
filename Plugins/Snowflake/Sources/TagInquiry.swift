import RevmetaODBC
import RevmetaPlugin

/// The tags of objects that were found: which questions that takes, and what their answers say of each.
struct TagInquiry {
    private let asked: [(path: [String], kind: ObjectKind)?]
    private let usage: (names: [String], view: ExactName)?
    private var objects: [ExactName: Tags] = [:]
    /// By the column's path.
    private var columns: [ExactName: Tags] = [:]
    /// Of tables, about their columns.
    private var problems: [ExactName: String] = [:]
    private var countOnColumns: [ExactName: Set<ExactName>] = [:]

    init(_ asked: [Reader.Asked], _ readings: [Reading], usage: (names: [String], view: ExactName)?) {
        self.usage = usage
        self.asked = zip(asked, readings).map { asked, reading in
            guard asked.needsTags, case .found(let found) = reading, found.kind.hasTags else { return nil }
            return (asked.entity.path, found.kind)
        }
    }

    var questions: [Question] {
        var questions: [Question] = []
        var known: Set<ExactName> = [], tables: Set<ExactName> = [], schemas: Set<ExactName> = []
        for case (let path, let kind)? in asked {
            switch kind.level {
            case .relation where usage != nil, .column where usage != nil:
                let schema = ExactName(path.prefix(2))
                if schemas.insert(schema).inserted, let usage {
                    questions.append(.usage(in: schema, names: usage.names, view: usage.view))
                }
            case .column:
                let table = ExactName(path.prefix(3))
                if tables.insert(table).inserted { questions.append(.columnTags(of: table)) }
            case .database, .schema, .relation:
                let name = ExactName(path)
                if known.insert(name).inserted { questions.append(.tags(of: name, domain: kind.domain)) }
            case .stage, .routine: break
            }
        }
        return questions
    }

    mutating func take(_ question: Question, _ rows: Rows) {
        if rows.columns == [Question.problem], let problem = rows.values.first?[0] {
            switch question {
            case .tags(let object, _): objects[object, default: Tags()].problem = problem
            case .columnTags(let table): problems[table] = problem
            default: break
            }
            return
        }
        for row in 0..<rows.count {
            let tag = ExactName(["TAG_DATABASE", "TAG_SCHEMA", "TAG_NAME"].map { rows.text(row, $0) ?? "" })
            let value = rows.text(row, "TAG_VALUE") ?? ""
            let wasSet = ["", "MANUAL", "NONE"].contains(rows.text(row, "APPLY_METHOD")?.uppercased() ?? "")
            func isOf(_ level: String) -> Bool { rows.text(row, "LEVEL")?.uppercased() == level }
            switch question {
            case .tags(let object, let domain):
                objects[object, default: Tags()].add(tag, value, isDirect: wasSet && isOf(domain))
            case .columnTags(let table):
                guard let column = rows.text(row, "COLUMN_NAME") else { continue }
                add(tag, value, toColumn: column, of: table, isDirect: wasSet && isOf("COLUMN"))
            case .usage(let schema, _, _):
                guard let object = rows.text(row, "OBJECT_NAME") else { continue }
                let name = ExactName(schema.names + [object])
                if let column = rows.text(row, "COLUMN_NAME"), rows.text(row, "DOMAIN")?.uppercased() == "COLUMN" {
                    add(tag, value, toColumn: column, of: name, isDirect: wasSet)
                } else {
                    objects[name, default: Tags()].add(tag, value, isDirect: wasSet)
                }
            default: break
            }
        }
    }

    private mutating func add(
        _ tag: ExactName, _ value: String, toColumn column: String, of table: ExactName, isDirect: Bool
    ) {
        columns[ExactName(table.names + [column]), default: Tags()].add(tag, value, isDirect: isDirect)
        if isDirect { countOnColumns[table, default: []].insert(tag) }
    }

    /// Puts the tags into what was found.
    func complete(_ readings: inout [Reading]) {
        for (index, asked) in asked.enumerated() {
            guard let (path, kind) = asked, case .found(var found) = readings[index] else { continue }
            var tags = (kind.level == .column ? columns : objects)[ExactName(path)] ?? Tags()
            tags.problem = tags.problem ?? (kind.level == .column ? problems[ExactName(path.prefix(3))] : nil)
            tags.countOnColumns = countOnColumns[ExactName(path.prefix(3))]?.count ?? 0
            found.tags = tags
            readings[index] = .found(found)
        }
    }
}

extension Tags {
    fileprivate mutating func add(_ tag: ExactName, _ value: String, isDirect: Bool) {
        if isDirect { direct[tag] = value } else { derived[tag] = value }
    }
}

extension ObjectKind {
    /// What tag functions call the kind.
    fileprivate var domain: String {
        switch level {
        case .database: "DATABASE"
        case .schema: "SCHEMA"
        default: "TABLE"
        }
    }
}
