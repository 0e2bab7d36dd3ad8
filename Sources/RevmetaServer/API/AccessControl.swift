internal import HTTPTypes
internal import RevmetaDigest
internal import RevmetaModel

/// Decides who may ask.
struct AccessControl {
    let settings: ServeSettings

    /// Refuses a request of somebody who may not ask.
    func check(_ head: HTTPRequest) throws(Problem) {
        try refuseOtherSites(head)
        guard let token = settings.token else { return try refuseOtherNames(head) }
        let expected = "expected 'Authorization: Bearer' with serve.token"
        guard let credential = head.headerFields[.authorization] else {
            throw Self.unauthorized("\(expected), found no Authorization")
        }
        let scheme = "bearer "
        guard credential.prefix(scheme.count).lowercased() == scheme else {
            throw Self.unauthorized("\(expected), found another kind of Authorization")
        }
        let given = credential.dropFirst(scheme.count).drop { $0 == " " }, key = Array(token.exposed.utf8)
        // By their codes: the time of comparing them does not even tell the token's length.
        let isRight = areEqualInConstantTime(
            HMACSHA256(of: Array(given.utf8), key: key).bytes, HMACSHA256(of: key, key: key).bytes)
        guard isRight else { throw Self.unauthorized("\(expected), found another token") }
    }

    /// A page in somebody's browser can send requests here without being asked, and without seeing the answer.
    private func refuseOtherSites(_ head: HTTPRequest) throws(Problem) {
        guard head.method != .get, head.method != .head, let origin = head.headerFields[.origin] else { return }
        guard let host = head.authority, origin.lowercased().hasSuffix("://" + host.lowercased()) else {
            throw Problem(.forbidden, "expected no Origin, or this server's own, found that of another site")
        }
    }

    /// Without a token, whoever reaches the address may ask: but a page whose name is made to lead to it must not.
    private func refuseOtherNames(_ head: HTTPRequest) throws(Problem) {
        let name = head.authority ?? ""
        let address = ListenAddress(written: name) ?? ListenAddress(written: name + ":80")
        guard let address, address.isLoopback else {
            throw Problem(
                .misdirectedRequest,
                "expected this machine's own name as Host (127.0.0.1, localhost), since there is no serve.token")
        }
    }

    private static func unauthorized(_ detail: String) -> Problem {
        Problem(.unauthorized, detail, headers: [.wwwAuthenticate: "Bearer realm=\"revmeta\""])
    }
}
