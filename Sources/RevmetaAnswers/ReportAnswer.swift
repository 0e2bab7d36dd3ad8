package import RevmetaEngine
internal import RevmetaModel

/// What a plan or run came to, as a program is told it.
package struct ReportAnswer: Encodable {
    package struct FailureAnswer: Encodable {
        var service: String
        var status: String
        var message: String
        var sqlState: String?
    }

    var counts: RunReport.Counts
    var failures: [FailureAnswer]
    var notices: [String]
    var isStopped: Bool
    /// Why nothing of the plan is sent.
    var refusal: String?
    var exitStatus: Int32

    package init(_ report: RunReport) {
        counts = report.counts
        failures = report.failures.sorted { $0.key < $1.key }.map {
            FailureAnswer(
                service: $0.key, status: $0.value.status.description, message: $0.value.message,
                sqlState: $0.value.sqlState)
        }
        notices = report.notices
        isStopped = report.isStopped
        refusal = report.refusal?.description
        exitStatus = report.exitCode
    }
}
