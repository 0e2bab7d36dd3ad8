internal import RevmetaEngine
internal import RevmetaModel

/// What a template was understood as, in a line.
struct TemplateText {
    private let report: TemplateReport

    init(_ report: TemplateReport) {
        self.report = report
    }

    var line: String {
        // Where it stands, without the file: channels[0].sqlTemplate.
        let place = report.template.set.place.split(separator: ": ").last.map(String.init) ?? report.template.set.place
        guard let level = report.level, let subject = report.subject else {
            let types = report.template.serviceTypes.joined(separator: ", ")
            return "! channel '\(report.channel)': \(place) writes nothing: no service of the channel is "
                + (types.isEmpty ? "usable" : "of the type \(types)")
        }
        let services = report.services.map { "'\($0)'" }.joined(separator: ", ")
        return "✓ channel '\(report.channel)': \(place) writes the \(subject.plural) of \(level.plural) of \(services) "
            + "(\(report.template.engine))"
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
