package import RevmetaJSON

/// What the catalog answers instead of what was asked: `{"code": 404, "message": "…"}`.
package struct ErrorAnswer: Decodable, Sendable {
    private var code: Int
    package var message: String

    package var fault: Fault { Fault("the catalog answered with an error: \(code) \(message)") }
}
