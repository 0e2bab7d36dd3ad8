public import RevmetaCatalog
public import RevmetaModel

extension CatalogFolder {
    /// The entities with all that a configuration's filters and templates ask of them.
    public func batches(of count: Int, for configuration: Configuration) -> CatalogBatches {
        batches(of: count, needsDocuments: configuration.needsDocuments, needsAnswers: configuration.needsAnswers)
    }
}
