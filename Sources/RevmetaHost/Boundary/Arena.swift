internal import CRevmeta
internal import RevmetaModel

/// Memory that Swift values are laid out in for the length of one call.
final class Arena {
    private var blocks: [UnsafeMutableRawPointer] = []
    private var free: UnsafeMutableRawPointer?
    private var freeBytes = 0
    private static let blockBytes = 1 << 18

    deinit {
        for block in blocks { block.deallocate() }
    }

    private func allocate(_ bytes: Int, alignment: Int) -> UnsafeMutableRawPointer {
        if let free {
            let start = free.alignedUp(toMultipleOf: alignment)
            let needed = bytes + (start - free)
            if needed <= freeBytes {
                self.free = free + needed
                freeBytes -= needed
                return start
            }
        }
        let size = max(bytes, Self.blockBytes)
        let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        blocks.append(block)
        free = block + bytes
        freeBytes = size - bytes
        return block
    }

    private func items<T>(_ count: Int, of type: T.Type) -> UnsafeMutablePointer<T> {
        allocate(max(count, 1) * MemoryLayout<T>.stride, alignment: MemoryLayout<T>.alignment).bindMemory(
            to: type, capacity: max(count, 1))
    }

    /// An empty text keeps a pointer, so that it stays empty and not absent.
    func text(_ text: String?) -> revmeta_str {
        guard var text else { return revmeta_str(ptr: nil, len: 0) }
        return text.withUTF8 { bytes in
            let copy = items(bytes.count, of: CChar.self)
            if let start = bytes.baseAddress {
                UnsafeMutableRawPointer(copy).copyMemory(from: start, byteCount: bytes.count)
            }
            return revmeta_str(ptr: copy, len: bytes.count)
        }
    }

    func texts(_ texts: [String]) -> UnsafePointer<revmeta_str> {
        let copies = items(texts.count, of: revmeta_str.self)
        for (index, item) in texts.enumerated() { copies[index] = text(item) }
        return UnsafePointer(copies)
    }

    func strs(_ texts: [String]) -> revmeta_strs {
        revmeta_strs(items: self.texts(texts), count: texts.count)
    }

    func settings(_ settings: [String: Secret]) -> revmeta_pairs {
        let pairs = items(settings.count, of: revmeta_pair.self)
        for (index, setting) in settings.sorted(by: { $0.key < $1.key }).enumerated() {
            pairs[index] = revmeta_pair(key: text(setting.key), value: text(setting.value.exposed))
        }
        return revmeta_pairs(items: pairs, count: settings.count, stride: MemoryLayout<revmeta_pair>.stride)
    }

    func entities(_ entities: [Entity]) -> revmeta_entities {
        let copies = items(entities.count, of: revmeta_entity.self)
        let kinds = Dictionary(uniqueKeysWithValues: EntityKind.allCases.map { ($0, text($0.rawValue)) })
        for (index, entity) in entities.enumerated() {
            copies[index] = revmeta_entity(
                kind: kinds[entity.kind]!, path: texts(entity.path.names), path_count: entity.path.names.count)
        }
        return revmeta_entities(items: copies, count: entities.count, stride: MemoryLayout<revmeta_entity>.stride)
    }

    func changes(_ changes: [Change]) -> revmeta_changes {
        let copies = items(changes.count, of: revmeta_change.self)
        for (index, change) in changes.enumerated() {
            copies[index] = revmeta_change(
                kind: text(change.kind), path: texts(change.path.names), path_count: change.path.names.count,
                attribute: text(change.attribute.rawValue), before: text(change.before), value: text(change.value))
        }
        return revmeta_changes(items: copies, count: changes.count, stride: MemoryLayout<revmeta_change>.stride)
    }

    func statements(_ statements: [Statement]) -> revmeta_statements {
        let copies = items(statements.count, of: revmeta_statement.self)
        for (index, statement) in statements.enumerated() {
            let indexes = items(statement.changes.count, of: Int.self)
            for (place, change) in statement.changes.enumerated() { indexes[place] = change }
            copies[index] = revmeta_statement(
                text: text(statement.text), changes: indexes, change_count: statement.changes.count,
                guard: text(statement.guardText))
        }
        return revmeta_statements(
            items: copies, count: statements.count, stride: MemoryLayout<revmeta_statement>.stride)
    }
}
