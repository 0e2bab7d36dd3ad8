internal import Glibc
internal import HTTPTypes
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import RevmetaModel
internal import ServiceLifecycle

/// Serves requests over HTTP, until the server ends.
struct HTTPService: Service {
    let responder: Responder
    let address: ListenAddress
    let tell: @Sendable (String) -> Void
    let logger: Logger
    var limits = ConnectionWatch.Limits()

    /// How long a client may wait between requests, and a request's head may take.
    private static let idleTime = TimeAmount.seconds(30)
    /// Fewer than files that a process may usually have open.
    private static let mostConnections = 500

    func run() async throws {
        var decoder = HTTP1Channel.Configuration.DecoderConfiguration()
        decoder.maxHeaderFieldSize = 16 << 10
        decoder.maxHeaderListSize = 32 << 10
        decoder.maxHeaderFieldCount = 100
        // What it says itself is for those who build servers.
        var quiet = logger
        quiet.logLevel = max(quiet.logLevel, .warning)
        let connections = HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionWatch(limits)], idleTimeout: Self.idleTime,
            httpDecoderConfiguration: decoder)
        let server = try HTTPServerBuilder.http1(configuration: connections).buildServer(
            configuration: ServerConfiguration(
                address: .hostname(address.host, port: address.port),
                availableConnectionsDelegate: MaximumAvailableConnections(Self.mostConnections, logger: quiet)),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: quiet,
            responder: { request, writer, _ in try await answer(request, writer) },
            onServerRunning: { channel in
                var address = address
                address.port = channel.localAddress?.port ?? address.port
                tell("revmeta serves on http://\(address)")
            })
        do {
            try await server.run()
        } catch let error as IOError {
            throw ServerRefusal.listening(address, reason: String(cString: strerror(error.errnoCode)))
        } catch is SocketAddressError.UnknownHost {
            throw ServerRefusal.listening(address, reason: "the name \(address.host) is not known here")
        }
    }

    private func answer(_ request: Request, _ writer: consuming ResponseWriter) async throws {
        // Even where the body will be refused: it is read to its end in any case, lest the answer be lost.
        if request.headers[.expect]?.lowercased() == "100-continue" {
            try await writer.writeInformationalHead(HTTPResponse(status: .continue))
        }
        var response = try await responder.respond(to: request.head, request.body)
        response.headers[.date] = HTTPTime.text(of: time(nil))
        try await writer.write(response: response.head, body: response.body)
    }
}
