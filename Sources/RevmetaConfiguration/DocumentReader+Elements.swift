import Yams

extension DocumentReader {
    mutating func element(
        _ node: Node, _ place: Place, origin: ConfigurationProblem.Position, isAliased: Bool = false
    ) throws(ConfigurationProblems) -> Element {
        elements += 1
        guard elements <= Self.mostElements else { throw tooLarge(place.position) }
        guard place.steps.count <= Self.deepestLevel else { throw tooDeep(place.position) }
        let content: Element.Content
        switch node {
        case .scalar(let scalar): content = Element.Content(scalar)
        case .sequence(let sequence) where ["", Tag.Name.seq.rawValue].contains(sequence.tag.rawValue):
            var items: [Element] = []
            for (index, item) in sequence.enumerated() {
                items.append(try child(item, .index(index), of: place, after: nil, isAliased: isAliased))
            }
            content = .list(items)
        case .mapping(let mapping) where ["", Tag.Name.map.rawValue].contains(mapping.tag.rawValue):
            content = .mapping(try entries(mapping, place, isAliased: isAliased))
        case .sequence, .mapping, .alias: content = .tagged
        }
        return Element(place: place, origin: origin, content: content, isAliased: isAliased)
    }

    /// A value below `place`; one that has come through an alias is reported where the alias was used.
    private mutating func child(
        _ node: Node, _ step: Place.Step, of place: Place, after key: ConfigurationProblem.Position?, isAliased: Bool
    ) throws(ConfigurationProblems) -> Element {
        let own = node.mark.map(ConfigurationProblem.Position.init) ?? reached
        let isAlias = isAliased || own <= reached
        if !isAlias { reached = own }
        let position = isAlias ? key ?? place.position : own
        return try element(node, place.child(step, at: position), origin: key ?? position, isAliased: isAlias)
    }

    private mutating func entries(
        _ mapping: Node.Mapping, _ place: Place, isAliased: Bool
    ) throws(ConfigurationProblems) -> [Element.Entry] {
        var own: [Element.Entry] = []
        var merged: [Element.Entry] = []
        let start = mapping.mark.map(ConfigurationProblem.Position.init)
        for (key, value) in mapping {
            let written = key.mark.map(ConfigurationProblem.Position.init) ?? reached
            let position = isAliased ? place.position : written
            // A mapping stands where its first key does.
            let isAlias = written <= reached && written != start
            guard case .scalar(let scalar) = key, isAliased || !isAlias else {
                throw problem(
                    isAlias ? place.position : position, path: place.path,
                    "expected a name as key, found a list, a mapping or an alias")
            }
            if !isAliased { reached = written }
            let name = renamedKeys.original(of: scalar.string, at: written)
            let value = try child(value, .key(name), of: place, after: position, isAliased: isAliased)
            if name == "<<", scalar.style == .plain {
                merged += try mergedEntries(value, into: place)
            } else {
                own.append(Element.Entry(key: name, keyPosition: position, value: value))
            }
        }
        var names = Set(own.map(\.key))
        return own + merged.filter { names.insert($0.key).inserted }
    }

    /// What `<<` brings in: the entries of a mapping or of several, of which the first that has a key wins.
    private func mergedEntries(_ value: Element, into place: Place) throws(ConfigurationProblems) -> [Element.Entry] {
        let mappings = if case .list(let items) = value.content { items } else { [value] }
        var entries: [Element.Entry] = []
        for mapping in mappings {
            guard case .mapping(let more) = mapping.content else {
                throw problem(
                    value.place.position, path: place.path,
                    "expected a mapping, or a list of them, to merge with <<, found \(mapping.sort)")
            }
            entries += more
        }
        return entries
    }
}
