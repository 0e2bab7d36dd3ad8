#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

internal import RevmetaJSON

/// What takes up the body of an answer as it comes.
protocol AnswerText: Sendable {
    mutating func append(_ piece: some Sequence<UInt8>) throws(Fault)
    /// Checks that the body may end here.
    mutating func finish() throws(Fault)
}

extension ListText: AnswerText {}
extension ValueText: AnswerText {}

/// A body that is short, as a whole.
struct ShortText: AnswerText {
    static let mostBytes = 1024 * 1024
    private(set) var bytes: [UInt8] = []

    mutating func append(_ piece: some Sequence<UInt8>) throws(Fault) {
        bytes.append(contentsOf: piece)
        guard bytes.count <= Self.mostBytes else { throw Fault("expected a short answer, found more than \(Self.mostBytes) bytes") }
    }

    func finish() {}

    /// What the body says, or nil if it is something else.
    func decoded<Answer: Decodable>() -> Answer? {
        try? JSONDecoder().decode(Answer.self, from: Data(bytes))
    }
}
