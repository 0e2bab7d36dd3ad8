/// A file's text by lines and columns, as YAML counts them.
struct SourceText {
    private var scalars: [Unicode.Scalar]
    private let lineStarts: [Int]

    init(_ scalars: [Unicode.Scalar]) {
        self.scalars = scalars
        var starts = [0]
        for (index, scalar) in scalars.enumerated() {
            switch scalar {
            case "\r" where index + 1 < scalars.count && scalars[index + 1] == "\n": continue
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": starts.append(index + 1)
            default: continue
            }
        }
        lineStarts = starts
    }

    var text: String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// The scalar there, or nil behind the end.
    subscript(position: ConfigurationProblem.Position) -> Unicode.Scalar? {
        get { index(of: position).map { scalars[$0] } }
        set {
            guard let newValue, let index = index(of: position) else { return }
            scalars[index] = newValue
        }
    }

    private func index(of position: ConfigurationProblem.Position) -> Int? {
        guard lineStarts.indices.contains(position.line - 1) else { return nil }
        let index = lineStarts[position.line - 1] + position.column - 1
        return scalars.indices.contains(index) ? index : nil
    }

    private func position(of index: Int) -> ConfigurationProblem.Position {
        let line = lineStarts.lastIndex { $0 <= index } ?? 0
        return ConfigurationProblem.Position(line: line + 1, column: index - lineStarts[line] + 1)
    }

    /// The first character that no YAML file may hold: binary data, mostly, or UTF-16.
    var firstForbidden: (scalar: Unicode.Scalar, position: ConfigurationProblem.Position)? {
        let index = scalars.firstIndex { scalar in
            switch scalar.value {
            case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...: false
            default: true
            }
        }
        return index.map { (scalars[$0], position(of: $0)) }
    }

    /// The first alias at which the text, with its aliases written out, would be longer than `limit`.
    ///
    /// An estimate from above, made before YAML is read: a mapping whose key expands without end would hang the parser
    /// itself. An anchor's value reaches at most to the first use of its alias.
    func firstExcessiveAlias(limit: Int) -> ConfigurationProblem.Position? {
        var length = 0
        var starts: [String: Int] = [:]
        var sizes: [String: Int] = [:]
        for (index, scalar) in scalars.enumerated() {
            length += 1
            guard scalar == "&" || scalar == "*" else { continue }
            let name = String(String.UnicodeScalarView(scalars[(index + 1)...].prefix(while: \.isAnchorCharacter)))
            if scalar == "&" {
                starts[name] = length
                sizes[name] = nil
            } else if let start = starts[name] {
                let size = sizes[name, default: length - start]
                sizes[name] = size
                length += size
                if length > limit { return position(of: index) }
            }
        }
        return nil
    }
}

extension Unicode.Scalar {
    fileprivate var isAnchorCharacter: Bool {
        isASCII && (properties.isAlphabetic || properties.numericType != nil || self == "_" || self == "-")
    }
}
