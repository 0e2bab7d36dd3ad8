internal import CNettle

/// What only who knows a secret can say of a text: HMAC-SHA256, RFC 2104.
public struct HMACSHA256: Sendable {
    /// Its 32 bytes.
    public let bytes: [UInt8]

    /// That of a text.
    ///
    /// - Parameter key: The secret, of any length.
    public init(of text: [UInt8], key: [UInt8]) {
        var context = hmac_sha256_ctx()
        nettle_hmac_sha256_set_key(&context, key.count, key)
        nettle_hmac_sha256_update(&context, text.count, text)
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_SIZE))
        nettle_hmac_sha256_digest(&context, digest.count, &digest)
        bytes = digest
    }
}

/// Whether two runs of bytes are equal, found out in a time that does not tell where they differ: one of them is a secret.
public func areEqualInConstantTime(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    one.count == other.count && nettle_memeql_sec(one, other, one.count) != 0
}
