internal import RevmetaDigest
public import RevmetaModel

/// How a webhook shows that it is the catalog's: by a signature over its body, or by the secret itself.
public struct WebhookAuthentication: Sendable {
    public enum Answer: Sendable, Equatable {
        case accepted
        /// Why not, without anything that would help to guess the secret.
        case refused(String)
    }

    /// The header that OpenMetadata signs in: HMAC-SHA256 of the body with the subscription's secret.
    static let header = "X-OM-Signature"

    private let secret: [UInt8]

    /// - Parameter secret: The subscription's; one that is empty lets nobody in.
    public init(secret: Secret) {
        self.secret = Array(secret.exposed.utf8)
    }

    /// Looks at a request.
    ///
    /// - Parameters:
    ///   - headers: All of them, with names in any case.
    ///   - body: The bytes as they came.
    public func check(headers: [(name: String, value: String)], body: [UInt8]) -> Answer {
        guard !secret.isEmpty else { return .refused("no secret is configured") }
        func values(_ name: String) -> [String] {
            headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
        }
        let signatures = values(Self.header), credentials = values("Authorization")
        // A signature says more than the secret, which whoever reads along could repeat.
        if let signature = signatures.first {
            guard signatures.count == 1 else { return .refused("there is more than one \(Self.header)") }
            guard let code = Self.code(in: signature) else {
                return .refused("\(Self.header) is no HMAC-SHA256, in Base64 or hexadecimal digits")
            }
            return areEqualInConstantTime(HMACSHA256(of: body, key: secret).bytes, code)
                ? .accepted : .refused("\(Self.header) is not that of this body with the secret configured here")
        }
        guard let credential = credentials.first, credentials.count == 1 else {
            return .refused("there is no \(Self.header), and no bearer secret")
        }
        let scheme = "bearer "
        guard credential.count > scheme.count, credential.prefix(scheme.count).lowercased() == scheme else {
            return .refused("Authorization is no bearer secret")
        }
        let given = credential.dropFirst(scheme.count).drop { $0 == " " }
        // By their codes: the time of comparing them does not even tell the secret's length.
        return areEqualInConstantTime(
            HMACSHA256(of: Array(given.utf8), key: secret).bytes, HMACSHA256(of: secret, key: secret).bytes)
            ? .accepted : .refused("the bearer secret is not the one configured here")
    }

    /// The 32 bytes that a signature is about; nil: it is none. Servers send Base64, with `sha256=` before it; others hexadecimal
    /// digits.
    private static func code(in signature: String) -> [UInt8]? {
        var text = signature.utf8.drop { $0 == UInt8(ascii: " ") }
        while text.last == UInt8(ascii: " ") { text = text.dropLast() }
        let scheme = "sha256="
        if String(Substring(text.prefix(scheme.utf8.count))).lowercased() == scheme { text = text.dropFirst(scheme.utf8.count) }
        return text.count == 64 ? hexadecimal(text) : base64(text)
    }

    private static func hexadecimal(_ text: some Collection<UInt8>) -> [UInt8]? {
        let digits = text.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count == 64 else { return nil }
        return stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    private static let base64Digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// 32 bytes are 43 digits, and a sign that fills up.
    private static func base64(_ text: some Collection<UInt8>) -> [UInt8]? {
        var digits = Array(text)
        if digits.count == 44, digits.last == UInt8(ascii: "=") { digits.removeLast() }
        guard digits.count == 43 else { return nil }
        var bytes: [UInt8] = [], waiting = 0, bits = 0
        for digit in digits {
            // Of another alphabet the same digits are meant.
            let usual = digit == UInt8(ascii: "-") ? UInt8(ascii: "+") : digit == UInt8(ascii: "_") ? UInt8(ascii: "/") : digit
            guard let value = base64Digits.firstIndex(of: usual) else { return nil }
            waiting = waiting << 6 | value
            bits += 6
            guard bits >= 8 else { continue }
            bits -= 8
            bytes.append(UInt8(waiting >> bits & 0xFF))
        }
        return bytes
    }
}
