internal import FoundationEssentials
internal import RevmetaJSON
public import RevmetaModel

/// Edits of a catalog that are to be made at one service too, as Collate hands them to whoever makes them: OpenMetadata's
/// `ReverseIngestionPipeline`.
public struct ReverseIngestionPipeline: Sendable, Equatable {
    public var service: Service
    /// In the order in which they were made.
    public var operations: [Operation]

    public struct Service: Sendable, Equatable {
        public var id: String
        /// Nil: the operations' entity links tell.
        public var name: String?
    }

    public struct Operation: Sendable, Equatable {
        public var id: String
        public var entityLink: String
        public var edit: Edit
        /// The template of the statement that makes the edit; nil: none of its own.
        public var template: String?
    }

    /// What was there before, and what is now; nil: not told.
    public enum Edit: Sendable, Equatable {
        case description(previous: String?, new: String?)
        case owners(removed: [Owner], added: [Owner])
        case tags(removed: [TagLabel], added: [TagLabel])

        public var subject: ChannelTemplate.Subject {
            switch self {
            case .description: .description
            case .owners: .owner
            case .tags: .tags
            }
        }
    }

    /// An owner, as far as a reference tells.
    public struct Owner: Sendable, Hashable {
        public var id: String
        /// `user` or `team`.
        public var type: String
        public var name: String?
        public var isInherited: Bool
    }
}

/// Why a file is no pipeline: where, what was expected and what was found.
public struct OperationsError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String
}

extension ReverseIngestionPipeline {
    private static let shape = ListShape(
        lists: ["operations"], allowsArray: false, whole: "a ReverseIngestionPipeline, {\"service\": {…}, \"operations\": […]}",
        element: "an operation", elements: "operations", mostAround: 1 << 20)

    /// Reads a file, which may be a pipe.
    ///
    /// - Parameter name: What the file is called in an error.
    public init(path: String, name: String) throws(OperationsError) {
        var operations: [Operation] = []
        let around: AroundAnswer
        do throws(DocumentError) {
            let reader = try ElementReader(path: path, Self.shape)
            while let element = try reader.nextElement() {
                do throws(Fault) {
                    try reader.decode(OperationFields.self, element.bytes).refuseStrangers()
                    operations.append(try reader.decode(OperationAnswer.self, element.bytes).operation())
                } catch {
                    throw DocumentError(line: element.line, message: "operations[\(operations.count)]: \(error.message)")
                }
            }
            do throws(Fault) {
                around = try reader.decodeAround(AroundAnswer.self)
                try around.service.id.expectUUID("service.id")
                if let type = around.type, type != "ReverseIngestion" {
                    throw Fault("type: expected ReverseIngestion, found '\(type)'")
                }
            } catch {
                throw DocumentError(message: error.message)
            }
        } catch {
            throw OperationsError(description: error.line.map { "\(name):\($0): \(error.message)" } ?? "\(name): \(error.message)")
        }
        let service = around.service
        self.init(
            service: Service(id: service.id, name: service.name ?? service.fullyQualifiedName.flatMap { EntityPath($0)?.names.first }),
            operations: operations)
    }
}

// MARK: The texts

private struct AroundAnswer: Decodable {
    struct Service: Decodable {
        var id: String
        var name: String?
        var fullyQualifiedName: String?
    }

    var type: String?
    var service: Service
}

/// The names of an operation's fields. One that is not known may be a misspelt one, and the edit would be another without it: a
/// template that is passed over, for one.
private struct OperationFields: Decodable {
    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private static let known = ["id", "entityLink", "type", "SQLTemplate", "parameters"]
    private static let knownParameters = [
        "previousDescription", "newDescription", "removedOwners", "addedOwners", "removedTags", "addedTags",
    ]

    private var strangers: [String]
    private var strangeParameters: [String]

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        strangers = fields.allKeys.map(\.stringValue).filter { !Self.known.contains($0) }
        let parameters = try? fields.nestedContainer(keyedBy: Key.self, forKey: Key(stringValue: "parameters"))
        strangeParameters = (parameters?.allKeys ?? []).map(\.stringValue).filter { !Self.knownParameters.contains($0) }
    }

    func refuseStrangers() throws(Fault) {
        if let stranger = strangers.first {
            throw Fault("expected \(Self.known.joined(separator: ", ")), found '\(stranger)'")
        }
        if let stranger = strangeParameters.first {
            throw Fault("parameters: expected \(Self.knownParameters.joined(separator: ", ")), found '\(stranger)'")
        }
    }
}

private struct OperationAnswer: Decodable {
    var id: String
    var entityLink: String
    var type: String
    var SQLTemplate: String?
    var parameters: ParametersAnswer

    func operation() throws(Fault) -> ReverseIngestionPipeline.Operation {
        try id.expectUUID("id")
        return ReverseIngestionPipeline.Operation(
            id: id, entityLink: entityLink, edit: try edit(), template: SQLTemplate?.isEmpty == true ? nil : SQLTemplate)
    }

    private func edit() throws(Fault) -> ReverseIngestionPipeline.Edit {
        let fields: [String], edit: ReverseIngestionPipeline.Edit
        switch type {
        case "UPDATE_DESCRIPTION":
            fields = ["previousDescription", "newDescription"]
            edit = .description(previous: parameters.previousDescription, new: parameters.newDescription)
        case "UPDATE_OWNER":
            fields = ["removedOwners", "addedOwners"]
            edit = .owners(
                removed: (parameters.removedOwners ?? []).map(\.owner), added: (parameters.addedOwners ?? []).map(\.owner))
        case "UPDATE_TAGS":
            fields = ["removedTags", "addedTags"]
            edit = .tags(
                removed: (parameters.removedTags ?? []).compactMap(\.label), added: (parameters.addedTags ?? []).compactMap(\.label))
        default:
            throw Fault("type: expected UPDATE_DESCRIPTION, UPDATE_OWNER or UPDATE_TAGS, found '\(type)'")
        }
        if let stranger = parameters.given.first(where: { !fields.contains($0) }) {
            throw Fault("parameters: those of \(type) are \(fields[0]) and \(fields[1]), found \(stranger)")
        }
        return edit
    }
}

private struct ParametersAnswer: Decodable {
    var previousDescription: String?
    var newDescription: String?
    var removedOwners: [OwnerAnswer]?
    var addedOwners: [OwnerAnswer]?
    var removedTags: [TagAnswer]?
    var addedTags: [TagAnswer]?

    /// The fields that have a value.
    var given: [String] {
        [
            ("previousDescription", previousDescription != nil), ("newDescription", newDescription != nil),
            ("removedOwners", removedOwners != nil), ("addedOwners", addedOwners != nil),
            ("removedTags", removedTags != nil), ("addedTags", addedTags != nil),
        ].filter(\.1).map(\.0)
    }
}

private struct OwnerAnswer: Decodable {
    var id: String
    var type: String
    var name: String?
    var inherited: Bool?

    var owner: ReverseIngestionPipeline.Owner {
        ReverseIngestionPipeline.Owner(
            id: id, type: type, name: name?.isEmpty == true ? nil : name, isInherited: inherited ?? false)
    }
}

private struct TagAnswer: Decodable {
    var tagFQN: String
    var source: String?
    var state: String?

    /// Nil: nobody confirmed it. How it came there is of no matter: a tag that went is the one that came.
    var label: TagLabel? {
        guard (state ?? "Confirmed") == "Confirmed" else { return nil }
        return TagLabel(tagFQN: tagFQN, source: source ?? "Classification")
    }
}

extension String {
    fileprivate func expectUUID(_ field: String) throws(Fault) {
        guard UUID(uuidString: self) != nil else { throw Fault("\(field): expected a UUID, found '\(self)'") }
    }
}
