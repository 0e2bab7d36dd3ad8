internal import RevmetaCatalog
internal import RevmetaModel

extension CatalogFolder {
    /// The entities with all that a configuration's filters and templates ask of them.
    func batches(of count: Int, for configuration: Configuration) -> CatalogBatches {
        batches(of: count, needsDocuments: configuration.needsDocuments, needsAnswers: configuration.needsAnswers)
    }
}
