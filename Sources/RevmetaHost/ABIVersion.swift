/// A version of the plugin interface. Another major one is another interface; minor ones only add.
public struct ABIVersion: Sendable, Equatable {
    public var major: UInt32
    public var minor: UInt32
}

extension ABIVersion: CustomStringConvertible {
    public var description: String { "\(major).\(minor)" }
}

extension ABIVersion: Decodable {
    private enum CodingKeys: CodingKey {
        case major, minor
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func number(_ key: CodingKeys) throws -> UInt32 {
            // Not as UInt32: a number that does not fit one is then told as text that is not JSON.
            let number = try container.decode(Double.self, forKey: key)
            guard let whole = UInt32(exactly: number) else {
                throw DecodingError.dataCorruptedError(forKey: key, in: container, debugDescription: "no whole number")
            }
            return whole
        }
        major = try number(.major)
        minor = try number(.minor)
    }
}
