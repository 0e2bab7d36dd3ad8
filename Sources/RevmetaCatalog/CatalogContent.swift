package import RevmetaModel

/// What a list of the catalog's holds, by its name in the catalog's interface. The cases stand in the order of reading.
package enum CatalogContent: String, CaseIterable, Sendable {
    case databaseServices
    case users
    case teams
    case databases
    case databaseSchemas
    case tables
    case storedProcedures

    /// The kind of entity; nil: none that is written to.
    package var kind: EntityKind? {
        switch self {
        case .databaseServices, .users, .teams: nil
        case .databases: .database
        case .databaseSchemas: .schema
        case .tables: .table
        case .storedProcedures: .procedure
        }
    }
}
