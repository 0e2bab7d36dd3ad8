internal import RevmetaEngine
internal import RevmetaModel

/// What a template was understood as, in a line.
struct TemplateText {
    private let report: TemplateReport

    init(_ report: TemplateReport) {
        self.report = report
    }

    var line: String {
        let place = Self.placeInFile(report.template.set.place)
        let nothing = "! channel '\(report.channel)': \(place) writes nothing: "
        guard let level = report.level, let subject = report.subject else {
            let types = report.template.serviceTypes.joined(separator: ", ")
            return nothing + "no service of the channel is " + (types.isEmpty ? "usable" : "of the type \(types)")
        }
        guard report.isAskedFor else {
            return nothing + "it is about \(subject.plural), and the channel has no \(subject.key): true"
        }
        if let predecessor = report.predecessor {
            return nothing + "\(Self.placeInFile(predecessor)) stands before it and writes the same facts"
        }
        let services = report.services.map { "'\($0)'" }.joined(separator: ", ")
        return "✓ channel '\(report.channel)': \(place) writes the \(subject.plural) of \(level.plural) of \(services) "
            + "(\(report.template.engine))"
    }

    /// Where it stands, without the file: channels[0].sqlTemplate.
    private static func placeInFile(_ place: String) -> String {
        place.split(separator: ": ").last.map(String.init) ?? place
    }
}

extension ChannelTemplate.Subject {
    fileprivate var plural: String {
        switch self {
        case .description: "descriptions"
        case .owner: "owners"
        case .tags: "tags"
        }
    }

    /// What asks for it in the configuration.
    fileprivate var key: String {
        switch self {
        case .description: "updateDescriptions"
        case .owner: "updateOwners"
        case .tags: "updateTags"
        }
    }
}

extension ChannelTemplate.Level {
    fileprivate var plural: String {
        switch self {
        case .database: "databases"
        case .schema: "schemas"
        case .table: "tables and views"
        case .view: "views"
        case .column: "columns"
        case .procedure: "procedures and functions"
        }
    }
}
