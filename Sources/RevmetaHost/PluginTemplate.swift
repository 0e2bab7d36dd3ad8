internal import CRevmeta
internal import RevmetaEngine
internal import RevmetaModel
internal import RevmetaRunner

/// A template that a plugin's engine compiled, in whatever process that is.
final class PluginTemplate: CompiledTemplate {
    let uses: [TemplateVariable]
    private let link: PluginLink
    private let number: UInt64

    /// How many changes one frame asks about, at most and while they are small.
    private static let mostAtOnce = 2000
    /// How many bytes of values one frame holds, about: each change may come with the whole of its entity.
    private static let mostBytesAtOnce = 4 << 20

    private init(_ link: PluginLink, _ number: UInt64, uses: [TemplateVariable]) {
        self.link = link
        self.number = number
        self.uses = uses
    }

    static func compile(_ request: TemplateRequest, over link: PluginLink) async throws(Failure) -> PluginTemplate {
        let number = link.newNumber()
        let collector = Collector(plugin: link.plugin, link.redaction)
        let failure = await link.call(.compile, session: number, collector: collector) { frame in
            frame.dialect(request.dialect)
            frame.text(request.text)
            frame.texts(request.names.map(\.rawValue))
            frame.number(request.allowsRaw ? REVMETA_TEMPLATE_ALLOW_RAW : 0)
        }
        if let failure { throw failure }
        let uses = collector.uses.compactMap { TemplateVariable(rawValue: $0) }
        guard uses.count == collector.uses.count, uses.allSatisfy(request.names.contains) else {
            throw .breach(by: link.plugin, "uses the variable \(collector.uses.joined(separator: ", ")), which it was not given")
        }
        return PluginTemplate(link, number, uses: uses)
    }

    func render(_ renderings: [TemplateRendering]) async throws(Failure) -> [Result<[String], Failure>] {
        var results: [Result<[String], Failure>] = []
        results.reserveCapacity(renderings.count)
        var rest = renderings[...]
        while !rest.isEmpty {
            var bytes = 0
            let piece = rest.prefix(Self.mostAtOnce).prefix { rendering in
                defer { bytes += rendering.bytes }
                return bytes < Self.mostBytesAtOnce
            }
            results += try await render(piece)
            rest = rest[piece.endIndex...]
        }
        return results
    }

    private func render(_ renderings: ArraySlice<TemplateRendering>) async throws(Failure) -> [Result<[String], Failure>] {
        let collector = Collector(plugin: link.plugin, link.redaction, renderingCount: renderings.count)
        let changes = renderings.map(\.change)
        let size = renderings.reduce(FrameWriter.size(of: changes)) { $0 + $1.bytes }
        let failure = await link.call(.render, session: number, collector: collector, size: size) { frame in
            frame.number(UInt32(uses.count))
            for variable in uses {
                frame.text(variable.rawValue)
                frame.number(variable.role.rawValue)
            }
            frame.changes(changes)
            for rendering in renderings {
                for variable in uses { frame.value(rendering.values[variable], of: variable) }
            }
        }
        if let failure { throw failure }
        var results: [Result<[String], Failure>] = []
        for rendering in collector.renderings {
            guard let rendering else { throw .breach(by: link.plugin, "did not tell what came of a change") }
            results.append(rendering)
        }
        return results
    }
}

extension TemplateRendering {
    /// What its texts weigh.
    fileprivate var bytes: Int {
        values.values.reduce((change.before?.utf8.count ?? 0) + (change.value?.utf8.count ?? 0)) { sum, value in
            switch value {
            case .text(let text): sum + (text?.utf8.count ?? 0)
            case .pairs(let pairs): pairs.reduce(sum) { $0 + $1.key.utf8.count + $1.value.utf8.count }
            }
        }
    }
}

extension FrameWriter {
    fileprivate mutating func value(_ value: TemplateValue?, of variable: TemplateVariable) {
        guard variable.role == .pairs else {
            if case .text(let text) = value { self.text(text) } else { self.text(nil) }
            return
        }
        guard case .pairs(let pairs) = value else { return number(UInt32(0)) }
        number(UInt32(pairs.count))
        for pair in pairs {
            text(pair.key)
            text(pair.value)
        }
    }
}
