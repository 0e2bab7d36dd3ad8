internal import RevmetaModel

/// Finds, before anything is written, what a source could not hold or would mangle without a word.
enum ValueFitting: Equatable {
    case fits(String)
    case refused(reason: String)

    static func fit(_ value: String, to ability: Ability, policies: Policies) -> ValueFitting {
        var value = value
        // Only a zero and what is longer than three bytes is ever refused.
        if value.hasByte(where: { $0 == 0 || $0 >= 0xF0 }),
            let first = value.unicodeScalars.first(where: { !ability.text.allows($0) })
        {
            switch policies.onUnrepresentable {
            case .fail:
                return .refused(
                    reason: "the value holds U+\(hexadecimal(first)), which the source cannot store: change it in the catalog, "
                        + "or set onUnrepresentable: replace")
            case .replace:
                var replaced = String.UnicodeScalarView()
                for scalar in value.unicodeScalars {
                    replaced.append(ability.text.allows(scalar) ? scalar : ability.text.replacement)
                }
                value = String(replaced)
            }
        }
        guard let limit = ability.maxLength else { return .fits(value) }
        let length = ability.unit.length(of: value)
        guard length > limit else { return .fits(value) }
        switch policies.onTooLong {
        case .fail:
            return .refused(
                reason: "the value has \(length) \(ability.unit.noun) and the source holds \(limit): shorten it in the "
                    + "catalog, or set onTooLong: truncate")
        case .truncate:
            return .fits(truncated(value, to: limit, unit: ability.unit))
        }
    }

    /// Never splits what a reader sees as one character.
    private static func truncated(_ value: String, to limit: Int, unit: Ability.LengthUnit) -> String {
        var kept = "", length = 0
        for character in value {
            length += unit.length(of: String(character))
            if length > limit { break }
            kept.append(character)
        }
        return kept
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

extension Ability.Text {
    fileprivate func allows(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        // No source that speaks through C strings can be trusted with U+0000, and the journal could not read it back.
        case .any, .noNUL: scalar.value != 0
        case .basicMultilingualPlane: scalar.value != 0 && scalar.value <= 0xFFFF
        }
    }

    /// U+FFFD is the character for what cannot be shown.
    fileprivate var replacement: Unicode.Scalar { "\u{FFFD}" }
}

extension Ability.LengthUnit {
    fileprivate func length(of value: String) -> Int {
        switch self {
        case .bytes: value.utf8.count
        case .characters: value.unicodeScalars.count
        }
    }

    fileprivate var noun: String {
        switch self {
        case .bytes: "bytes"
        case .characters: "characters"
        }
    }
}
