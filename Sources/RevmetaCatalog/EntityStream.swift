import RevmetaJSON
import RevmetaModel

/// Reads the entities of a folder's files, one file after the other.
final class EntityStream {
    private static let order = CatalogContent.allCases.compactMap { content in content.kind.map { (content, $0) } }

    private let files: [CatalogFile.Content: CatalogFile]
    private let services: [CatalogService]
    private var translator: EntityTranslator?
    private var remaining = order[...]
    private var reader: AnswerReader?
    private var failure: CatalogError?
    private let needsDocuments: Bool
    private let needsAnswers: Bool

    init(
        files: [CatalogFile.Content: CatalogFile], services: [CatalogService], needsDocuments: Bool, needsAnswers: Bool
    ) {
        self.needsAnswers = needsAnswers
        self.files = files
        self.services = services
        self.needsDocuments = needsDocuments
    }

    /// The next entities, at least `count` of them unless the catalog ends, or nil at its end.
    ///
    /// After an error every call throws it again: what was broken is never passed over.
    func next(_ count: Int) throws(CatalogError) -> [CatalogEntity]? {
        if let failure { throw failure }
        do {
            return try read(count)
        } catch {
            failure = error
            throw error
        }
    }

    private func read(_ count: Int) throws(CatalogError) -> [CatalogEntity]? {
        var entities: [CatalogEntity] = []
        // A table comes with its columns.
        entities.reserveCapacity(count + count / 4)
        let translator = try preparedTranslator()
        while entities.count < count, let (content, kind) = remaining.first {
            let found = try reader(of: content)?.readNext(
                EntityAnswer.self, withText: needsAnswers
            ) { answer, text throws(Fault) in
                try translator.append(answer, kind, json: text, to: &entities)
            }
            if found != true {
                reader = nil
                remaining.removeFirst()
            }
        }
        return entities.isEmpty ? nil : entities
    }

    private func preparedTranslator() throws(CatalogError) -> EntityTranslator {
        if let translator { return translator }
        let prepared = EntityTranslator(
            services: services, principals: try PrincipalDirectory(users: files[.users], teams: files[.teams]),
            needsDocuments: needsDocuments)
        translator = prepared
        return prepared
    }

    private func reader(of content: CatalogFile.Content) throws(CatalogError) -> AnswerReader? {
        if let reader { return reader }
        reader = try files[content].map { file throws(CatalogError) in try AnswerReader(file) }
        return reader
    }
}
