internal import FoundationEssentials
internal import HTTPTypes
internal import RevmetaJSON

/// The body of a request that is about channels: `{"channels": ["finance"]}`, or nothing.
struct ChannelSelection: Sendable, Equatable {
    /// Nil: all.
    var channels: [String]?

    static func read(from call: Call) async throws -> ChannelSelection {
        let body = try await call.body()
        guard !body.isEmpty else { return ChannelSelection() }
        let type = (call.head.headerFields[.contentType] ?? "").prefix { $0 != ";" }
        guard type.filter({ $0 != " " && $0 != "\t" }).lowercased() == "application/json" else {
            throw Problem(
                .unsupportedMediaType, "expected Content-Type: application/json with the body, found another or none")
        }
        return try ChannelSelection(body)
    }

    init(channels: [String]? = nil) {
        self.channels = channels
    }

    init(_ body: [UInt8]) throws(Problem) {
        let expected = "expected {\"channels\": [\"name\", …]}, or no body for all channels"
        do throws(Fault) {
            self = try decodeJSON(Self.self, from: body)
        } catch {
            throw .malformed("\(expected): \(error.message)")
        }
        if let channels {
            guard !channels.isEmpty else {
                throw .malformed("\(expected): channels: expected a name, found an empty list")
            }
            guard Set(channels).count == channels.count else {
                throw .malformed("\(expected): channels: expected each name once")
            }
        }
    }
}

extension ChannelSelection: Decodable {
    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self), channels = Key(stringValue: "channels")
        if let stranger = fields.allKeys.first(where: { $0.stringValue != channels.stringValue }) {
            throw Fault("expected nothing but channels, found '\(stranger.stringValue)'")
        }
        self.channels = fields.contains(channels) ? try fields.decode([String].self, forKey: channels) : nil
    }
}
