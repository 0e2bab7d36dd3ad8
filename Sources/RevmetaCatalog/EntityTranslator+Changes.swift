#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
package import RevmetaModel

// What entities held before they were edited, as far as the catalog's events tell for certain.
extension EntityTranslator {
    /// Gives an entity, and the columns after it, what they held before changes that it has now.
    ///
    /// - Parameter entities: One entity as it is now; of a table, with its columns after it.
    package func attach(_ changes: [CatalogFieldChange], to entities: inout ArraySlice<CatalogEntity>) {
        guard let entity = entities.first else { return }
        let length = entity.path.names.count
        let columns = entities.dropFirst().map { ColumnSpelling(Array($0.path.names.dropFirst(length))) }
        // Which column a name meant can only be told among those that were there.
        let areSameColumns = !changes.contains { $0.name == "columns" }
        var found: [Int: [CatalogFieldChange]] = [:]
        for change in changes {
            guard let column = ColumnField(change.name) else {
                found[entities.startIndex, default: []].append(change)
                continue
            }
            guard areSameColumns else { continue }
            let meant = columns.indices.filter { columns[$0].mayBe(column.column) }
            guard meant.count == 1 else { continue }
            let own = CatalogFieldChange(name: column.field, before: change.before, after: change.after)
            found[entities.startIndex + 1 + meant[0], default: []].append(own)
        }
        for (index, changes) in found {
            let previous = PreviousValues(
                description: changes.first { $0.name == "description" }.map { CatalogText($0.before) },
                owners: previousOwners(of: entities[index], changes), tags: previousTags(of: entities[index], changes))
            guard previous != PreviousValues() else { continue }
            entities[index].previous = previous
        }
    }

    private func previousTags(of entity: CatalogEntity, _ changes: [CatalogFieldChange]) -> [TagLabel]? {
        Self.before(changes.filter { $0.name == "tags" }, now: entity.tags, key: \.tagFQN) { text in
            guard let answers: [TagAnswer] = Self.list(text), case .known(let labels) = tags(answers) else { return nil }
            return labels
        }
    }

    private func previousOwners(of entity: CatalogEntity, _ changes: [CatalogFieldChange]) -> [OwnerReference]? {
        Self.before(changes.filter { $0.name == "owners" || $0.name == "owner" }, now: entity.owners, key: \.mapKey) { text in
            guard let answers: [OwnerAnswer] = Self.list(text) else { return nil }
            var references: [OwnerReference] = []
            for answer in answers {
                guard let kind = OwnerReference.Kind(rawValue: answer.type) else { continue }
                guard var reference = principals.reference(to: answer, kind) else { return nil }
                reference.isInherited = answer.inherited ?? false
                references.append(reference)
            }
            return references
        }
    }

    /// A list as it was before changes in their order; nil: there were none, or one of them is not understood.
    ///
    /// A change tells what was added and what was taken away, or the whole list before and after. Of each element the first change
    /// decides; an element of which none tells was there as it is now.
    private static func before<Element>(
        _ changes: [CatalogFieldChange], now: CatalogList<Element>, key: (Element) -> String, read: (String) -> [Element]?
    ) -> [Element]? {
        guard !changes.isEmpty, case .known(let present) = now else { return nil }
        var wasThere: [(key: String, element: Element?)] = []
        for change in changes {
            guard let before = change.before.map(read) ?? [], let after = change.after.map(read) ?? [] else { return nil }
            // A whole list, in its order.
            if wasThere.isEmpty, change.before != nil, change.after != nil { return before }
            let gone = before.filter { old in !after.contains { key($0) == key(old) } }
            let new = after.filter { new in !before.contains { key($0) == key(new) } }
            for (key, element) in gone.map({ (key($0), Optional($0)) }) + new.map({ (key($0), nil) })
            where !wasThere.contains(where: { $0.key == key }) {
                wasThere.append((key, element))
            }
        }
        let touched = Set(wasThere.map(\.key))
        return present.filter { !touched.contains(key($0)) } + wasThere.compactMap(\.element)
    }

    /// A list as an event has it: JSON within a text; of one owner, before there could be several, the owner alone.
    private static func list<Answer: Decodable>(_ text: String) -> [Answer]? {
        let data = Data(text.utf8)
        if let list = try? JSONDecoder().decode([Answer].self, from: data) { return list }
        return (try? JSONDecoder().decode(Answer.self, from: data)).map { [$0] }
    }
}

/// A field of a column in an event, such as `columns."a.b".description`.
private struct ColumnField {
    var column: String
    var field: String

    init?(_ name: String) {
        let start = "columns."
        guard name.hasPrefix(start), let field = ["description", "tags"].first(where: { name.hasSuffix("." + $0) }),
            name.utf8.count > start.utf8.count + 1 + field.utf8.count
        else { return nil }
        column = ReservedToken.decode(String(name.dropFirst(start.count).dropLast(field.count + 1)))
        self.field = field
    }
}

/// How releases name a column in an event. All of them do it so that several columns may have one name.
private struct ColumnSpelling {
    private let spellings: Set<String>

    /// - Parameter names: Those that lead to the column within its table.
    init(_ names: [String]) {
        let leaf = names.last ?? "", path = names.joined(separator: ".")
        spellings = [leaf, path, Self.quoted(leaf), Self.quoted(path), names.map(Self.quoted).joined(separator: ".")]
    }

    func mayBe(_ name: String) -> Bool { spellings.contains(name) }

    /// As qualified names have it: in quotes if there is a dot.
    private static func quoted(_ name: String) -> String { name.contains(".") ? "\"\(name)\"" : name }
}
