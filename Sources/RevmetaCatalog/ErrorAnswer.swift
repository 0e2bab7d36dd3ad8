import RevmetaJSON

/// What the catalog answers instead of what was asked: `{"code": 404, "message": "…"}`.
struct ErrorAnswer: Decodable {
    private var code: Int
    private var message: String

    var fault: Fault { Fault("the catalog answered with an error: \(code) \(message)") }
}
