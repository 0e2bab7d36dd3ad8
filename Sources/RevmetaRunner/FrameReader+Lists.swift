internal import CRevmeta

/// Reads what the host sends as the lists that a plugin is given. Texts stay where they are, in the frame.
extension FrameReader {
    mutating func str() throws(BrokenFrame) -> revmeta_str {
        guard let data = try data() else { return revmeta_str(ptr: nil, len: 0) }
        return revmeta_str(ptr: data.baseAddress!.assumingMemoryBound(to: CChar.self), len: data.count)
    }

    private mutating func texts(
        _ pool: inout Pool<revmeta_str>
    ) throws(BrokenFrame) -> (UnsafePointer<revmeta_str>, Int) {
        let count = try count()
        let texts = pool.take(count)
        for index in 0..<count { texts[index] = try str() }
        return (UnsafePointer(texts), count)
    }

    mutating func settings(in arena: Arena) throws(BrokenFrame) -> revmeta_pairs {
        let count = try count()
        let items = arena.items(count, of: revmeta_pair.self)
        for index in 0..<count { items[index] = revmeta_pair(key: try str(), value: try str()) }
        return revmeta_pairs(items: items, count: count, stride: MemoryLayout<revmeta_pair>.stride)
    }

    mutating func strs(in arena: Arena) throws(BrokenFrame) -> revmeta_strs {
        let count = try count()
        let items = arena.items(count, of: revmeta_str.self)
        for index in 0..<count { items[index] = try str() }
        return revmeta_strs(items: items, count: count)
    }

    mutating func entities(in arena: Arena) throws(BrokenFrame) -> revmeta_entities {
        let count = try count()
        let items = arena.items(count, of: revmeta_entity.self)
        var paths = Pool<revmeta_str>(arena)
        for index in 0..<count {
            let kind = try str()
            let (path, names) = try self.texts(&paths)
            items[index] = revmeta_entity(kind: kind, path: path, path_count: names)
        }
        return revmeta_entities(items: items, count: count, stride: MemoryLayout<revmeta_entity>.stride)
    }

    mutating func changes(in arena: Arena) throws(BrokenFrame) -> revmeta_changes {
        let count = try count()
        let items = arena.items(count, of: revmeta_change.self)
        var paths = Pool<revmeta_str>(arena)
        for index in 0..<count {
            let kind = try str()
            let (path, names) = try self.texts(&paths)
            items[index] = revmeta_change(
                kind: kind, path: path, path_count: names, attribute: try str(), before: try str(), value: try str(),
                channel: try str())
        }
        return revmeta_changes(items: items, count: count, stride: MemoryLayout<revmeta_change>.stride)
    }

    mutating func statements(in arena: Arena) throws(BrokenFrame) -> revmeta_statements {
        let count = try count()
        let items = arena.items(count, of: revmeta_statement.self)
        var indexes = Pool<Int>(arena), texts = Pool<revmeta_str>(arena)
        for index in 0..<count {
            let text = try str(), guardText = try str()
            let (parts, partCount) = try self.texts(&texts)
            let changeCount = try self.count()
            let changes = indexes.take(changeCount)
            for place in 0..<changeCount { changes[place] = Int(try number(UInt32.self)) }
            items[index] = revmeta_statement(
                text: text, changes: changes, change_count: changeCount, guard: guardText,
                parts: revmeta_strs(items: parts, count: partCount))
        }
        return revmeta_statements(items: items, count: count, stride: MemoryLayout<revmeta_statement>.stride)
    }
}
