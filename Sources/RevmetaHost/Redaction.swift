internal import RevmetaModel

/// Takes a service's secrets out of what its plugin says: a vendor's driver may well put the connection string, with the
/// password in it, into an error.
struct Redaction: Sendable {
    private let secrets: [String]

    /// Shorter ones stand in every other word.
    private static let shortest = 4

    static let none = Redaction([])

    /// - Parameter secrets: What must not be shown.
    init(_ secrets: some Sequence<Secret>) {
        // The longest first: one may hold another.
        self.secrets = Set(secrets.map(\.exposed)).flatMap { secret in
            // As it stands, and as it stands in a URI.
            Set([secret, Self.percentEncoded(secret)])
        }.filter { $0.utf8.count >= Self.shortest }.sorted { $0.utf8.count > $1.utf8.count }
    }

    func callAsFunction(_ text: String) -> String {
        secrets.reduce(text) { text, secret in
            text.contains(secret) ? text.replacing(secret, with: Secret(secret).description) : text
        }
    }

    private static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.append(byte)
            default: encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
