public import RevmetaModel

/// Compiles the templates of a configuration, for each service and its dialect.
struct TemplateSet: Sendable {
    /// By service.
    private(set) var services: [String: ServiceTemplates] = [:]
    /// What every template is about.
    private(set) var reports: [TemplateReport] = []

    /// - Throws: ``TemplateProblems`` if a text is at fault, all of them at once.
    init(
        _ configuration: Configuration, connectors: [String: ConnectorDescription], compiler: (any TemplateCompiler)?
    ) async throws {
        var problems: [String] = [], number = 0
        for (index, channel) in configuration.channels.enumerated() where !channel.templates.isEmpty {
            let selected = configuration.services(ofChannels: [channel.name])
            for template in channel.templates {
                var report = TemplateReport(channel: channel.name, template: template)
                // Services of one dialect share it.
                var compiled: [Dialect: UsableTemplate] = [:]
                for service in selected where template.serves(service.type) {
                    guard let connector = connectors[service.name] else { continue }
                    let usable: UsableTemplate
                    if let known = compiled[connector.dialect] {
                        usable = known
                    } else {
                        do {
                            number += 1
                            usable = try await Compilation(template, of: channel.name, connector.dialect, compiler)
                                .run(number)
                            compiled[connector.dialect] = usable
                        } catch let problem as TemplateProblem {
                            if !problems.contains(problem.description) { problems.append(problem.description) }
                            continue
                        }
                    }
                    report.take(usable, after: services[service.name]?.templates[index] ?? [], of: channel)
                    services[service.name, default: ServiceTemplates(dialect: connector.dialect)].add(usable, of: index)
                    report.services.append(service.name)
                }
                reports.append(report)
            }
        }
        guard problems.isEmpty else { throw TemplateProblems(problems: problems) }
    }
}

extension Engine {
    /// What is wrong with the templates of each channel, by the channel's index. What a service has to do with it is told
    /// where the service is used.
    public func templateProblems() async throws -> [Int: TemplateProblems] {
        var connectors: [String: ConnectorDescription] = [:]
        for service in configuration.services { connectors[service.name] = try? await provider.connector(for: service) }
        var problems: [Int: TemplateProblems] = [:]
        for (index, channel) in configuration.channels.enumerated() where !channel.templates.isEmpty {
            var alone = configuration
            alone.channels = [channel]
            do {
                _ = try await TemplateSet(alone, connectors: connectors, compiler: compiler)
            } catch let found as TemplateProblems {
                problems[index] = found
            }
        }
        return problems
    }
}

/// What a template was understood as.
public struct TemplateReport: Sendable, Equatable {
    public var channel: String
    public var template: ChannelTemplate
    /// Nil: there is no service that it could be used for.
    public var level: ChannelTemplate.Level?
    public var subject: ChannelTemplate.Subject?
    public var services: [String] = []
    /// Whether the channel updates what it is about.
    public var isAskedFor = true
    /// Where a template stands that goes before it, whatever the entity; nil: there is none at one of the services.
    public var predecessor: String?

    /// - Parameter others: Those of the channel that stand before it.
    mutating func take(_ template: UsableTemplate, after others: [UsableTemplate], of channel: Channel) {
        (level, subject) = (template.level, template.subject)
        // What it would have been about nobody came to tell.
        if template.set is BrokenTemplate { return }
        isAskedFor = switch template.subject {
        case .description: channel.updateDescriptions
        case .owner: channel.updateOwners
        case .tags: channel.updateTags
        }
        let first = others.first { $0.hidesLater(template) }?.place
        predecessor = services.isEmpty || first == nil ? first : predecessor
    }
}

/// What is wrong with templates of a configuration; a paragraph each.
public struct TemplateProblems: Error, Sendable, CustomStringConvertible {
    public var problems: [String]

    public var description: String { problems.joined(separator: "\n") }
}

/// What is wrong with one text of a template, with the line that is at fault.
struct TemplateProblem: Error, CustomStringConvertible {
    let description: String

    init(_ failure: Failure, in text: ChannelTemplate.Text) {
        guard failure.line > 0 else {
            description = "\(text.place): \(failure.message)"
            return
        }
        let lines = text.text.split(separator: "\n", omittingEmptySubsequences: false)
        let place = "\(text.place): line \(failure.line), column \(failure.column): \(failure.message)"
        guard !text.isPrivate else {
            description = "\(place)\n    (the line is not shown: a reference or an alias stands in this template)"
            return
        }
        guard lines.indices.contains(Int(failure.line) - 1) else {
            description = place
            return
        }
        let line = lines[Int(failure.line) - 1].unicodeScalars
        // Tabs stay tabs, so that the caret stands where it should.
        let before = line.prefix(Int(max(failure.column, 1)) - 1).map { $0 == "\t" ? "\t" : " " }.joined()
        description = "\(place)\n    \(String(line))\n    \(before)^"
    }

    init(_ message: String, in text: ChannelTemplate.Text) {
        self.init(Failure(.config, message), in: text)
    }
}

/// One template and a dialect.
private struct Compilation {
    private let request: TemplateRequest
    private let template: ChannelTemplate
    private let compiler: (any TemplateCompiler)?

    init(_ template: ChannelTemplate, of channel: String, _ dialect: Dialect, _ compiler: (any TemplateCompiler)?) {
        self.template = template
        self.compiler = compiler
        request = TemplateRequest(
            channel: channel, engine: template.engine, text: template.set.text, dialect: dialect,
            names: UsableTemplate.names(at: template.on) + UsableTemplate.values(of: template.of), allowsRaw: template.allowsRaw)
    }

    func run(_ number: Int) async throws -> UsableTemplate {
        let set = try await compile(template.set, names: request.names)
        let level = try level(of: set), subject = try subject(of: set)
        if subject != .tags, let tag = set.uses.first(where: { $0 == .tagKey || $0 == .tagValue }) {
            throw TemplateProblem(
                "{\(tag.rawValue)} stands for one tag, and this template writes the \(subject.rawValue): use {tags}, or say "
                    + "'of: tags'", in: template.set)
        }
        var clear: (any CompiledTemplate)?
        if let text = template.clear {
            clear = try await compile(text, names: UsableTemplate.names(at: level) + UsableTemplate.values(of: subject))
        }
        return UsableTemplate(
            number: number, place: template.set.place, clearPlace: template.clear?.place, level: level, subject: subject,
            set: set, clear: clear)
    }

    private func compile(_ text: ChannelTemplate.Text, names: [TemplateVariable]) async throws -> any CompiledTemplate {
        guard let compiler else {
            throw TemplateProblem("there is nobody who knows the template engine '\(template.engine)'", in: text)
        }
        var request = request
        request.text = text.text
        request.names = names
        do throws(Failure) {
            return try await compiler.compile(request)
        } catch {
            // The text is at fault, or the engine that was asked for is not there. Otherwise it costs its channel.
            guard error.status == .config else { return BrokenTemplate(uses: [], failure: error) }
            throw TemplateProblem(error, in: text)
        }
    }

    /// The deepest name that it uses.
    private func level(of set: any CompiledTemplate) throws -> ChannelTemplate.Level {
        if let on = template.on { return on }
        if set is BrokenTemplate { return .table }
        if set.uses.contains(.procedure) {
            guard !set.uses.contains(.table), !set.uses.contains(.column) else {
                throw TemplateProblem("a template is about a {table} or a {procedure}, not about both", in: template.set)
            }
            return .procedure
        }
        for (variable, level) in [
            (TemplateVariable.column, ChannelTemplate.Level.column), (.table, .table), (.schema, .schema), (.database, .database),
        ] where set.uses.contains(variable) { return level }
        throw TemplateProblem(
            "it names nothing that it is about ({table}, {column}, {schema}, …): say it with 'on:' under sqlTemplates",
            in: template.set)
    }

    private func subject(of set: any CompiledTemplate) throws -> ChannelTemplate.Subject {
        if let of = template.of { return of }
        if set is BrokenTemplate { return .description }
        if set.uses.contains(.description) { return .description }
        if set.uses.contains(where: { $0 == .tags || $0 == .tagKey || $0 == .tagValue }) { return .tags }
        if set.uses.contains(.owner) { return .owner }
        throw TemplateProblem(
            "it names no value ({description}, {owner}, {tag_value}, {tags}): say what it writes with 'of:' under sqlTemplates",
            in: template.set)
    }
}

/// A template whose engine failed while it compiled it: whatever it was to write fails.
struct BrokenTemplate: CompiledTemplate {
    let uses: [TemplateVariable]
    let failure: Failure

    func render(_ renderings: [TemplateRendering]) async throws(Failure) -> [Result<[String], Failure>] { throw failure }
}
