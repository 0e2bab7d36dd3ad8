import Foundation
import RevmetaDigest
import RevmetaModel
import Testing

@testable import RevmetaOpenMetadata

@Suite struct WebhookAuthenticationTests {
    private let authentication = WebhookAuthentication(secret: Secret("Jefe"))
    private let body = Array("what do ya want for nothing?".utf8)
    /// The second test case of RFC 4231, in both spellings.
    private let hexadecimal = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    private let base64 = "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM="

    private func check(_ headers: (String, String)...) -> WebhookAuthentication.Answer {
        authentication.check(headers: headers.map { (name: $0.0, value: $0.1) }, body: body)
    }

    private func reason(_ headers: (String, String)...) -> String? {
        let answer = authentication.check(headers: headers.map { (name: $0.0, value: $0.1) }, body: body)
        guard case .refused(let reason) = answer else { return nil }
        return reason
    }

    @Test func theSignatureIsAcceptedInEachSpelling() {
        for value in [
            base64, "sha256=" + base64, String(base64.dropLast()), hexadecimal, "sha256=" + hexadecimal, hexadecimal.uppercased(),
            "SHA256=" + hexadecimal, " sha256=\(base64) ",
        ] {
            #expect(check(("X-OM-Signature", value)) == .accepted, "\(value)")
            #expect(check(("content-type", "application/json"), ("x-om-signature", value)) == .accepted)
        }
    }

    @Test func anotherBodySecretOrCodeIsRefused() {
        for index in body.indices {
            var other = body
            other[index] ^= 1
            #expect(authentication.check(headers: [("X-OM-Signature", base64)], body: other) != .accepted)
        }
        let others = WebhookAuthentication(secret: Secret("jefe"))
        #expect(others.check(headers: [("X-OM-Signature", base64)], body: body) != .accepted)
        for value in [
            "", "sha256=", "sha1=" + hexadecimal, base64 + "=", String(hexadecimal.dropLast()), hexadecimal + "0", "Bearer Jefe", "Jefe",
            String(repeating: "A", count: 43) + "=", String(repeating: "0", count: 64), String(repeating: "ä", count: 32),
            String(base64.reversed()), base64.lowercased(),
        ] {
            let reason = reason(("X-OM-Signature", value))
            #expect(reason?.contains("X-OM-Signature") == true, "\(value)")
            #expect(reason?.contains("Jefe") == false)
            #expect(reason?.contains(base64) == false)
        }
    }

    @Test func theSecretItselfIsAcceptedAsABearers() {
        #expect(check(("authorization", "bearer Jefe")) == .accepted)
        #expect(check(("Authorization", "Bearer  Jefe")) == .accepted)
        for value in ["", "Bearer", "Bearer ", "Bearer jefe", "Bearer Jefe2", "Bearer Jef", "Basic Jefe", "Jefe"] {
            #expect(check(("Authorization", value)) != .accepted, "\(value)")
        }
        #expect(check(("Authorization", "Bearer Jefe"), ("Authorization", "Bearer Jefe")) != .accepted)
    }

    @Test func aSignatureGoesBeforeTheSecret() {
        #expect(check(("Authorization", "Bearer wrong"), ("X-OM-Signature", base64)) == .accepted)
        #expect(check(("Authorization", "Bearer Jefe"), ("X-OM-Signature", String(base64.reversed()))) != .accepted)
        #expect(check(("X-OM-Signature", base64), ("X-OM-Signature", base64)) != .accepted)
    }

    @Test func nothingIsRefused() {
        #expect(check() == .refused("there is no X-OM-Signature, and no bearer secret"))
        // Without a secret anybody could sign.
        let open = WebhookAuthentication(secret: Secret(""))
        let code = HMACSHA256(of: body, key: []).bytes.map { String(format: "%02x", $0) }.joined()
        #expect(open.check(headers: [("X-OM-Signature", code)], body: body) == .refused("no secret is configured"))
        #expect(open.check(headers: [("Authorization", "Bearer ")], body: body) == .refused("no secret is configured"))
    }
}
