internal import GRDB
internal import RevmetaCatalog
internal import RevmetaConfiguration
internal import RevmetaEngine
internal import RevmetaJournal
internal import RevmetaModel
internal import RevmetaOpenMetadata
internal import RevmetaPlanFile
internal import RevmetaServer
internal import RevmetaRuns

/// Why a command ends before its work is done: what to tell, and the exit status.
struct Complaint: Error {
    var text: String
    var status: Int32

    static func configuration(_ text: String) -> Complaint { Complaint(text: text, status: 2) }
    static func unusable(_ text: String) -> Complaint { Complaint(text: text, status: 3) }

    /// What the parts throw, as a person is told it.
    init(_ error: any Error) {
        switch error {
        case let complaint as Complaint: self = complaint
        case let problems as ConfigurationProblems: self = .configuration(problems.description)
        case let error as CatalogError:
            self = .configuration("\(error)\nNothing was written, since the catalog could not be read to its end.")
        case let error as CatalogServerError:
            let text = "\(error)\nNothing was written, since the catalog could not be read to its end."
            self = error.mayPass ? .unusable(text) : .configuration(text)
        case let error as OperationsError: self = .configuration("\(error)\nNothing was written.")
        case let error as PlanFileError: self = .configuration("\(error)\nNothing was written.")
        case is ListedTwice, is SinkCollision, is ChannelOverlap, is TemplateProblems:
            self = .configuration("\(error)\nNothing was written.")
        case let error as JournalError: self = .unusable(error.description)
        case let error as DatabaseError:
            self = .unusable("the journal cannot be read or written: \(error.message ?? error.description)")
        case let refusal as ServerRefusal:
            // An address may be there later: that of a server that is about to end, or of a network that is about to begin.
            if case .listening = refusal { self = .unusable(refusal.description) } else {
                self = .configuration(refusal.description)
            }
        case is StoppedWhilePlanning:
            self = Complaint(text: "Stopped before the plan was whole. Nothing was written.", status: 1)
        case is CancellationError:
            self = Complaint(
                text: "Stopped at once. Whether what was being sent has arrived is found out by the next run.", status: 1)
        case let failure as Failure: self = .unusable(failure.description)
        default: self = Complaint(text: "\(error)", status: 1)
        }
    }

    /// What a run throws, whose statements may be on their way already.
    init(_ error: any Error, duringARunWith journalPath: String) {
        guard let error = error as? DatabaseError else {
            self.init(error)
            return
        }
        self = .unusable(
            "the journal \(journalPath) cannot be read or written: \(error.message ?? error.description). What was sent before "
                + "that is at the sources; the next run finds out what, and goes on from there")
    }

    private init(text: String, status: Int32) {
        self.text = text
        self.status = status
    }
}

/// Runs a command's work, and turns what it throws into a complaint.
func complaining<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
        return try await body()
    } catch {
        throw Complaint(error)
    }
}
