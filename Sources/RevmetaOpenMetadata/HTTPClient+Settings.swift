internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTPCompression
internal import NIOSSL
internal import RevmetaModel

extension HTTPClient {
    /// How long reaching the server may take.
    private static let connectTimeout = TimeAmount.seconds(10)
    /// How much a compressed answer may grow to: what is larger is no page of a list.
    static let longestAnswer = 256 * 1024 * 1024

    /// A client as the settings want it.
    convenience init(_ settings: CatalogServerSettings) throws(Failure) {
        var configuration = Configuration(
            tlsConfiguration: try Self.trust(settings),
            // A token goes to the address it was given for, and nowhere else.
            redirectConfiguration: .disallow,
            timeout: Configuration.Timeout(connect: Self.connectTimeout, read: .seconds(settings.timeout.components.seconds)),
            proxy: try settings.proxy.map { proxy throws(Failure) in try Self.proxy(proxy) },
            decompression: .enabled(limit: .size(Self.longestAnswer)))
        // Attempts are counted here, with what they failed of.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = settings.pagesInFlight
        self.init(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    private static func trust(_ settings: CatalogServerSettings) throws(Failure) -> TLSConfiguration? {
        guard let certificate = settings.caCertificate else { return nil }
        var tls = TLSConfiguration.makeClientConfiguration()
        do {
            let certificates = certificate.hasPrefix("-----BEGIN")
                ? try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)) : try NIOSSLCertificate.fromPEMFile(certificate)
            tls.trustRoots = .certificates(certificates)
            return tls
        } catch {
            throw Failure(
                .config,
                "catalog.sslConfig.caCertificate cannot be read: expected certificates in PEM, in "
                    + (certificate.hasPrefix("-----BEGIN") ? "its text" : "the file \(certificate)"))
        }
    }

    private static func proxy(_ secret: Secret) throws(Failure) -> Configuration.Proxy {
        guard let proxy = ProxyAddress(secret.exposed) else {
            throw Failure(.config, "catalog.proxy: expected an address such as http://proxy.example.com:3128")
        }
        return .server(
            host: proxy.host, port: proxy.port,
            authorization: proxy.user.map { .basic(username: $0.name, password: $0.password) })
    }
}
