/// Where the catalog is.
public enum CatalogSource: Sendable, Equatable {
    /// A folder of its saved answers, as an absolute path.
    case folder(String)
    case server(CatalogServerSettings)
}

extension CatalogSource: CustomStringConvertible {
    /// The folder's path, or the server's address.
    public var description: String {
        switch self {
        case .folder(let path): path
        case .server(let settings): settings.address
        }
    }
}

/// How to reach the server of a catalog: OpenMetadata, Collate.
public struct CatalogServerSettings: Sendable, Equatable {
    /// The interface's address, up to what comes before its version: `https://collate.example.com/api`.
    public var address: String
    /// The token of a bot or person.
    public var token: Secret?
    /// What the server's certificate is checked against: a file's absolute path, or PEM text. Nil: what the system trusts.
    public var caCertificate: String?
    /// The proxy's address, `http://proxy.example.com:3128`, which may hold a name and a password.
    public var proxy: Secret?
    /// How long the server may say nothing.
    public var timeout: Duration
    /// How many entities are asked for at once.
    public var pageSize: Int
    /// How many answers are waited for at once.
    public var pagesInFlight: Int

    public init(
        address: String, token: Secret? = nil, caCertificate: String? = nil, proxy: Secret? = nil,
        timeout: Duration = .seconds(60), pageSize: Int = 200, pagesInFlight: Int = 4
    ) {
        self.address = address
        self.token = token
        self.caCertificate = caCertificate
        self.proxy = proxy
        self.timeout = timeout
        self.pageSize = pageSize
        self.pagesInFlight = pagesInFlight
    }
}
