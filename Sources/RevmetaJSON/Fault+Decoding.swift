#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Fault {
    /// Why an element could not be decoded, as a sentence: `columns[3].name: expected a text, found a number`.
    init(decoding element: Data, _ error: any Error) {
        switch error {
        case DecodingError.typeMismatch(let type, let context):
            self.init(context.codingPath, "expected \(Self.noun(type)), found \(Self.found(at: context, in: element))")
        case DecodingError.valueNotFound(let type, let context):
            self.init(context.codingPath, "expected \(Self.noun(type)), found null")
        case DecodingError.keyNotFound(let key, let context):
            self.init(context.codingPath + [key], "expected a value, found none")
        case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
            self.init(context.codingPath, "not valid JSON")
        default:
            self.init("not valid JSON" + (Self.breach(in: element).map { ": \($0)" } ?? ""))
        }
    }

    private init(_ path: [any CodingKey], _ sentence: String) {
        let place = path.reduce(into: "") { place, key in
            if let index = key.intValue {
                place += "[\(index)]"
            } else {
                place += (place.isEmpty ? "" : ".") + key.stringValue
            }
        }
        self.init(place.isEmpty ? sentence : "\(place): \(sentence)")
    }

    private static func noun(_ type: Any.Type) -> String {
        switch type {
        case is String.Type: "a text"
        case is Bool.Type: "true or false"
        case is [Any].Type: "a list"
        case is [String: Any].Type: "an object"
        default: "a \(type)"
        }
    }

    private static func found(at context: DecodingError.Context, in element: Data) -> String {
        let whole = try? JSONDecoder().decode(JSONShape.self, from: element)
        return whole?.shape(at: context.codingPath)?.noun ?? "something else"
    }

    /// Where the brackets and quotes of a text do not match, if that is what is wrong with it.
    private static func breach(in element: Data) -> String? {
        var nesting = JSONNesting()
        do {
            for byte in element { try nesting.follow(byte) }
        } catch {
            return error.message
        }
        return nesting.depth > 0 || nesting.isInText ? "it ends too early" : nil
    }
}

/// What sort of value stands where; read only to explain an error.
private indirect enum JSONShape: Decodable {
    case null, truth, number, text
    case list([JSONShape])
    case object([String: JSONShape])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let object = try? container.decode([String: JSONShape].self) {
            self = .object(object)
        } else if let list = try? container.decode([JSONShape].self) {
            self = .list(list)
        } else if (try? container.decode(String.self)) != nil {
            self = .text
        } else if (try? container.decode(Bool.self)) != nil {
            self = .truth
        } else {
            self = .number
        }
    }

    var noun: String {
        switch self {
        case .null: "null"
        case .truth: "true or false"
        case .number: "a number"
        case .text: "a text"
        case .list: "a list"
        case .object: "an object"
        }
    }

    func shape(at path: [any CodingKey]) -> JSONShape? {
        path.reduce(Optional(self)) { shape, key in
            switch shape {
            case .object(let fields): fields[key.stringValue]
            case .list(let elements): key.intValue.flatMap { elements.indices.contains($0) ? elements[$0] : nil }
            default: nil
            }
        }
    }
}
