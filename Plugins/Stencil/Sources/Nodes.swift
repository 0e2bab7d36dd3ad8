internal import RevmetaPlugin
internal import RevmetaSQLText
internal import Stencil

/// Text that the template's author wrote.
final class TextNode: NodeType {
    let token: Token? = nil
    private let bytes: [UInt8]
    private let start: Int

    init(_ bytes: [UInt8], at start: Int) {
        self.bytes = bytes
        self.start = start
    }

    func render(_ context: Context) throws -> String {
        let recorder = try Recorder.of(context)
        try recorder.step(bytes.count)
        recorder.source.append(text: bytes, at: start)
        return ""
    }
}

/// Looks at the clock.
final class TickNode: NodeType {
    let token: Token? = nil

    func render(_ context: Context) throws -> String {
        try Recorder.of(context).step(1)
        return ""
    }
}

/// A value's place.
final class OutputNode: NodeType {
    let token: Token?
    private let output: Output
    private let value: any Resolvable
    private let condition: (any Expression)?
    private let other: (any Resolvable)?

    init(_ output: Output, _ parser: TokenParser, _ token: Token) throws {
        self.output = output
        self.token = token
        value = try parser.compileFilter(output.value.text, containedIn: token)
        other = try output.other.map { try parser.compileFilter($0.text, containedIn: token) }
        // Stencil splits conditions itself, where they stand in a tag.
        condition = try output.condition.map { condition in
            try parser.compileExpression(
                components: Array(Token.block(value: "if " + condition, at: token.sourceMap).components.dropFirst()),
                token: token)
        }
    }

    func render(_ context: Context) throws -> String {
        let recorder = try Recorder.of(context)
        if let condition, try !condition.evaluate(context: context) {
            guard let other, let operand = output.other else { return "" }
            try record(try other.resolve(context), operand, recorder)
        } else {
            try record(try value.resolve(context), output.value, recorder)
        }
        return ""
    }

    private func record(_ resolved: Any?, _ operand: Checker.Operand, _ recorder: Recorder) throws {
        let content: SQLValue.Content
        switch operand.root.flatMap({ recorder.roles[$0] }) {
        case .name: content = .name(try Texts.text(of: resolved, in: output.text))
        case .pairs(let pairs) where !operand.hasFilters: content = .pairs(pairs)
        case .pairs, nil: content = .text(try Texts.text(of: resolved, in: output.text))
        }
        let value = SQLValue(content, as: operand.form)
        try recorder.step(value.text?.utf8.count ?? 0)
        recorder.append(value, output)
    }
}
