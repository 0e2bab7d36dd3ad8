internal import RevmetaSQLText
internal import Stencil

/// The filters, under this engine's names and, where Stencil has them, under Stencil's.
final class Filters: Extension {
    override init() {
        super.init()
        for (name, filter) in [
            ("upper", ValueFilter.upper), ("uppercase", .upper), ("lower", .lower), ("lowercase", .lower),
            ("oneline", .oneline), ("plaintext", .plaintext),
        ] {
            registerFilter(name) { value in filter.apply(to: try Texts.text(of: value, in: "|\(name)")) }
        }
        registerFilter("capitalize") { value in
            try Texts.text(of: value, in: "|capitalize").map { $0.prefix(1).uppercased() + $0.dropFirst().lowercased() }
        }
        registerFilter("truncate") { value, arguments in
            guard let most = arguments.first as? Int, most > 0 else {
                throw TemplateSyntaxError("truncate wants a whole number from 1 on")
            }
            return ValueFilter.truncate(most).apply(to: try Texts.text(of: value, in: "|truncate"))
        }
        registerFilter("default") { value, arguments in
            if Texts.isNothing(value) { return arguments.first ?? nil }
            return value
        }
        registerFilter("join") { value, arguments in
            guard let items = value as? [Any] else { return try Texts.text(of: value, in: "|join") }
            let separator = try Texts.text(of: arguments.first ?? nil, in: "|join") ?? ""
            return try items.map { try Texts.text(of: $0, in: "|join") ?? "" }.joined(separator: separator)
        }
        registerFilter("split") { value, arguments in
            let separator = try Texts.text(of: arguments.first ?? nil, in: "|split") ?? " "
            let text = try Texts.text(of: value, in: "|split") ?? ""
            guard !separator.isEmpty, !text.isEmpty else { return JSONValue.list(text.isEmpty ? [] : [text]) }
            return JSONValue.list(text.split(separator: separator, omittingEmptySubsequences: true).map(String.init))
        }
    }
}
