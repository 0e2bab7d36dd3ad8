#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif
import RevmetaJSON

/// A folder of saved OpenMetadata answers.
///
/// It holds any of the files `databaseServices`, `databases`, `databaseSchemas`, `tables`, `storedProcedures`, `users`
/// and `teams`, each as `.json` (a list answer, `{"data": […]}`, or a bare array) or as `.jsonl` (one entity a line).
public struct CatalogFolder: Sendable {
    public let path: String
    /// What `databaseServices` lists, in its order.
    public let services: [CatalogService]

    private let files: [CatalogFile.Content: CatalogFile]

    /// Finds the folder's files and reads its services; the entities are read by ``batches(of:)``.
    ///
    /// A folder that does not exist or holds none of the files is an error, never an empty catalog.
    public init(path: String) throws(CatalogError) {
        try Self.checkFolder(path)
        var files: [CatalogFile.Content: CatalogFile] = [:]
        for content in CatalogFile.Content.allCases {
            files[content] = try CatalogFile.find(content, in: path)
        }
        guard !files.isEmpty else {
            let names = CatalogFile.Content.allCases.map(\.rawValue).joined(separator: ", ")
            throw CatalogError(
                file: path,
                message: "expected a folder with one of \(names), each as .json or .jsonl, found none of them")
        }
        self.path = path
        self.files = files
        services = try Self.readServices(files[.databaseServices])
    }

    /// Reads the entities: databases, schemas, tables, each followed by its columns, and stored procedures.
    ///
    /// Each iteration starts anew. A batch has about `count` entities, and never ends within a table's columns.
    ///
    /// - Parameters:
    ///   - needsDocuments: Whether each entity comes with what filters can ask of it besides its names.
    ///   - needsAnswers: Whether each entity comes with its answer as it stands, for templates with logic.
    public func batches(
        of count: Int = 5000, needsDocuments: Bool = false, needsAnswers: Bool = false
    ) -> CatalogBatches {
        precondition(count > 0, "a batch has at least one entity")
        return CatalogBatches(files: files, services: services, count: count, needsDocuments: needsDocuments, needsAnswers: needsAnswers)
    }

    private static func checkFolder(_ path: String) throws(CatalogError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw CatalogError(file: path, message: "expected a folder of saved answers: \(systemMessage())")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw CatalogError(file: path, message: "expected a folder of saved answers, found a file")
        }
    }

    private static func readServices(_ file: CatalogFile?) throws(CatalogError) -> [CatalogService] {
        guard let file else { return [] }
        let reader = try AnswerReader(file)
        var services: [CatalogService] = []
        while try reader.readNext(ServiceAnswer.self, {
            services.append($0.service)
        }) {}
        return services
    }
}
