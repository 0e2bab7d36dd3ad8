import NIOCore
import NIOHTTP1
import NIOPosix
import RevmetaServer

/// As little of a server as a webhook needs.
final class WebhookListener: Sendable {
    let port: Int
    private let channel: any Channel

    init(_ receiver: WebhookReceiver) async throws {
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(receiver))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress!.port!
    }

    func close() async throws {
        try await channel.close()
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let receiver: WebhookReceiver
        private var headers = HTTPHeaders()
        private var body: [UInt8] = []

        init(_ receiver: WebhookReceiver) {
            self.receiver = receiver
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): (headers, body) = (head.headers, [])
            case .body(let piece): body += piece.readableBytesView
            case .end:
                let channel = context.channel, receiver = receiver, headers = headers, body = body
                Task {
                    let answer = await receiver.receive(headers: headers.map { ($0.name, $0.value) }, body: body)
                    let head = HTTPResponseHead(
                        version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status),
                        headers: ["Content-Length": "\(answer.text.utf8.count)"])
                    channel.write(HTTPServerResponsePart.head(head), promise: nil)
                    channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: answer.text))), promise: nil)
                    try await channel.writeAndFlush(HTTPServerResponsePart.end(nil))
                }
            }
        }
    }
}
