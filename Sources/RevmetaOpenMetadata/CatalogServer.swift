#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

public import Logging
public import RevmetaCatalog
internal import RevmetaJSON
public import RevmetaModel

/// A running OpenMetadata or Collate, whose answers are read as they are wanted.
public final class CatalogServer: Sendable {
    /// Its database services, in its order.
    public let services: [CatalogService]

    /// When it was reached, by its own clock if it tells the time: milliseconds since 1970.
    public let time: Int64

    let settings: CatalogServerSettings
    let version: ServerVersion
    let requester: Requester
    let lookup = PrincipalLookup()

    private init(
        settings: CatalogServerSettings, version: ServerVersion, requester: Requester, services: [CatalogService]
    ) {
        self.settings = settings
        self.version = version
        self.requester = requester
        self.services = services
        time = Int64((requester.serverTime ?? Date()).timeIntervalSince1970 * 1000)
    }

    /// Reaches the server, makes sure that it is one that can be understood, and reads its services.
    ///
    /// The connections that it then has are ended by ``shutDown()``.
    ///
    /// - Parameters:
    ///   - retries: When what failed for the time being is asked for again.
    ///   - log: Told what is asked for again, and why.
    ///   - sleep: How to wait until then.
    public static func connect(
        _ settings: CatalogServerSettings, retries: RetryPolicy,
        log: Logger = Logger(label: "revmeta") { _ in SwiftLogNoOpLogHandler() },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) async throws(CatalogServerError) -> CatalogServer {
        let requester = try Requester(settings, retries: retries, log: log, sleep: sleep)
        do {
            let version = try await version(of: settings, requester)
            let services = try await services(of: settings, requester)
            return CatalogServer(settings: settings, version: version, requester: requester, services: services)
        } catch {
            await requester.shutDown()
            throw error
        }
    }

    /// Ends the connections. Nothing can be read afterwards.
    public func shutDown() async {
        await requester.shutDown()
    }

    /// The entities that lie within reach: databases, schemas, tables, each followed by its columns, and stored procedures.
    ///
    /// Each iteration asks the server anew. A batch is what one page holds.
    public func batches(_ reach: CatalogReach) -> ServerBatches {
        ServerBatches(server: self, reach: reach)
    }

    private static func version(
        of settings: CatalogServerSettings, _ requester: Requester
    ) async throws(CatalogServerError) -> ServerVersion {
        let target = "/v1/system/version"
        do {
            let text = try await requester.get(target, asked: "the version", resource: "system") { ShortText() }
            guard let answer: VersionAnswer = text.decoded(), let version = ServerVersion(answer.version) else {
                throw Failure(.config, "expected OpenMetadata's version, found something else: is this the address of its interface?")
            }
            guard version.major == ServerVersion.knownMajor else {
                throw Failure(
                    .config,
                    "it is OpenMetadata \(answer.version), and this revmeta understands \(ServerVersion.knownMajor).x: look for a "
                        + "newer revmeta")
            }
            return version
        } catch let failure as Failure {
            throw CatalogServerError(place: settings.address + target, failure)
        } catch let error as CatalogServerError {
            guard error.failure.status == .notFound else { throw error }
            throw CatalogServerError(
                place: error.place,
                Failure(.config, "there is no OpenMetadata here: set catalog.hostPort to the address of its interface, https://host/api"))
        } catch {
            throw CatalogServerError(place: settings.address + target, Failure(.failed, "\(error)"))
        }
    }

    private static func services(
        of settings: CatalogServerSettings, _ requester: Requester
    ) async throws(CatalogServerError) -> [CatalogService] {
        let list = ListRequest(content: .databaseServices, pageSize: settings.pageSize)
        return try await all(ServiceAnswer.self, of: list, settings, requester).map(\.service)
    }

    /// The users, or the teams with their members.
    func principals(_ content: CatalogContent) async throws(CatalogServerError) -> [PrincipalAnswer] {
        // They are small.
        let list = ListRequest(
            content: content, fields: content == .teams ? "users,children" : nil, pageSize: max(settings.pageSize, 1000))
        return try await Self.all(PrincipalAnswer.self, of: list, settings, requester)
    }

    /// A list that is held whole: none that grows with the catalog.
    private static func all<Answer: JSONScannable & Sendable>(
        _ type: Answer.Type, of list: ListRequest, _ settings: CatalogServerSettings, _ requester: Requester
    ) async throws(CatalogServerError) -> [Answer] {
        var answers: [Answer] = [], cursors: Set<String> = []
        var cursor: String?
        repeat {
            let page = try await requester.page(of: list, after: cursor)
            do {
                try page.text.decodeAll(type) { answer, _ in answers.append(answer) }
            } catch {
                throw CatalogServerError(place: settings.address + list.path, Failure(.failed, error.message))
            }
            cursor = page.cursor
            if let cursor, !cursors.insert(cursor).inserted { throw CatalogServerError(looping: list, settings) }
        } while cursor != nil
        return answers
    }
}

extension CatalogServerError {
    /// A list that would never end.
    init(looping list: ListRequest, _ settings: CatalogServerSettings) {
        self.init(
            place: settings.address + list.path,
            Failure(
                .failed,
                "the list of \(list.words) begins again instead of ending: the server gave the same cursor twice. What it has is not "
                    + "known"))
    }
}
