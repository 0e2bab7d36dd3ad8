#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

internal import RevmetaJSON
public import RevmetaModel

/// What a webhook of the catalog's brings: one event, or a list of them, or the message by which somebody tries it.
public struct EventDelivery: Sendable {
    /// The events after which something is to be read again.
    public private(set) var events: [CatalogEvent] = []
    /// How many events it brought of which nothing has to be known here: about dashboards, conversations, logins.
    public private(set) var ignored = 0

    /// Reads a request's body.
    ///
    /// - Throws: ``EventDeliveryError`` if it is no JSON, or no events.
    public init(body: some Sequence<UInt8>) throws(EventDeliveryError) {
        var text = ValueText()
        text.append(body)
        let answer: DeliveryAnswer
        do throws(Fault) {
            try text.finish()
            answer = try text.decode(DeliveryAnswer.self)
        } catch {
            throw EventDeliveryError("expected change events as JSON: \(error.message)")
        }
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        switch answer {
        case .events(let all):
            events = all.compactMap { $0.event(now: now) }
            ignored = all.count - events.count
        case .message: break
        case .neither:
            throw EventDeliveryError(
                "expected a change event, a list of them or {\"data\": […]}, found an object with no `entityType` or `data`")
        }
    }
}

/// Why a webhook's body cannot be understood: a sentence.
public struct EventDeliveryError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

private enum DeliveryAnswer: JSONScannable, Sendable {
    case events([ChangeEventAnswer])
    /// What the server sends when somebody tries the webhook.
    case message
    case neither

    private enum Key: String, CaseIterable, CodingKey { case data, message, entityType }
    private static let keys = JSONKeys<Key>()

    init(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONCursor.Unusual) {
        if try cursor.next(bytes) == UInt8(ascii: "[") {
            self = .events(try cursor.optionalList(bytes)!)
            return
        }
        // Which of the objects it is, is only known at its end.
        var ahead = cursor, data: [ChangeEventAnswer]?, hasMessage = false, isEvent = false
        try ahead.object(bytes, Self.keys) { key, cursor, bytes throws(JSONCursor.Unusual) in
            switch key {
            case .data: data = try cursor.optionalList(bytes)
            case .message:
                hasMessage = true
                try cursor.skipValue(bytes)
            case .entityType:
                isEvent = true
                try cursor.skipValue(bytes)
            }
        }
        if isEvent {
            self = .events([try ChangeEventAnswer(&cursor, bytes)])
        } else {
            cursor = ahead
            self = data.map { .events($0) } ?? (hasMessage ? .message : .neither)
        }
    }

    init(from decoder: any Decoder) throws {
        if let all = try? decoder.unkeyedContainer() {
            self = .events(try Self.all(all))
            return
        }
        let container = try decoder.container(keyedBy: Key.self)
        if container.contains(.entityType) {
            self = .events([try ChangeEventAnswer(from: decoder)])
        } else if container.contains(.data), try !container.decodeNil(forKey: .data) {
            self = .events(try Self.all(container.nestedUnkeyedContainer(forKey: .data)))
        } else {
            self = container.contains(.message) ? .message : .neither
        }
    }

    private static func all(_ list: any UnkeyedDecodingContainer) throws -> [ChangeEventAnswer] {
        var list = list, all: [ChangeEventAnswer] = []
        while !list.isAtEnd { all.append(try list.decode(ChangeEventAnswer.self)) }
        return all
    }
}
