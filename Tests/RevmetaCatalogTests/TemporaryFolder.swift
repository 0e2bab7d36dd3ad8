import Foundation

import RevmetaModel
@testable import RevmetaCatalog

/// A folder of catalog files that lives as long as a test.
final class TemporaryFolder {
    let path: String

    init(_ files: [String: String] = [:]) throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("catalog-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try write(Data(text.utf8), name) }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func write(_ data: Data, _ name: String) throws {
        try data.write(to: URL(fileURLWithPath: path).appendingPathComponent(name))
    }

    func entities(batchesOf count: Int = 5000) async throws(CatalogError) -> [[CatalogEntity]] {
        try await CatalogFolder(path: path).allBatches(of: count)
    }
}

extension CatalogFolder {
    /// A folder under `Tests/Fixtures/catalog`.
    static func fixture(_ name: String) throws(CatalogError) -> CatalogFolder {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try CatalogFolder(path: tests.appendingPathComponent("Fixtures/catalog/\(name)").path)
    }

    func allBatches(of count: Int = 5000) async throws(CatalogError) -> [[CatalogEntity]] {
        var batches: [[CatalogEntity]] = []
        for try await batch in self.batches(of: count) { batches.append(batch) }
        return batches
    }
}
