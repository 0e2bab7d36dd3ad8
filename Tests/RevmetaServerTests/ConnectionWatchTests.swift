import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import RevmetaServer

/// Connections of clients that are too slow, by the clock of the event loop, which the test moves.
@Suite struct ConnectionWatchTests {
    private let channel: EmbeddedChannel
    private let limits = ConnectionWatch.Limits()

    init() throws {
        channel = EmbeddedChannel(handler: ConnectionWatch(limits))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    private func receive(_ part: HTTPRequestPart) throws {
        try channel.writeInbound(part)
    }

    private let head = HTTPRequestPart.head(HTTPRequest(method: .post, scheme: nil, authority: nil, path: "/"))

    private func wait(_ time: TimeAmount) -> Bool {
        channel.embeddedEventLoop.advanceTime(by: time)
        return channel.isActive
    }

    @Test func aBodyThatComesByteByByteIsWaitedForOnlySoLong() throws {
        try receive(head)
        for _ in 1..<30 {
            try receive(.body(ByteBuffer(string: "x")))
            #expect(wait(.seconds(1)))
        }
        #expect(!wait(.seconds(1)))
    }

    @Test func aRequestThatIsThereIsAnsweredHoweverLongThatTakes() throws {
        for _ in 1...3 {
            try receive(head)
            try receive(.body(ByteBuffer(string: "x")))
            try receive(.end(nil))
            #expect(wait(.hours(1)))
        }
    }

    @Test func aBodyWithoutEndIsCutOff() throws {
        try receive(head)
        let piece = ByteBuffer(repeating: 0, count: 1 << 20)
        for _ in 1...24 { try receive(.body(piece)) }
        #expect(channel.isActive)
        try receive(.body(ByteBuffer(string: "x")))
        #expect(!channel.isActive)
    }

    @Test func aClientThatTakesNothingIsLeftAlone() throws {
        channel.write(HTTPResponsePart.body(ByteBuffer(string: "news")), promise: nil)
        #expect(wait(.seconds(59)))
        #expect(!wait(.seconds(1)))
    }

    @Test func aClientThatTakesASlowStreamIsServed() throws {
        for _ in 1...20 {
            channel.write(HTTPResponsePart.body(ByteBuffer(string: "news")), promise: nil)
            #expect(wait(.seconds(50)))
            channel.flush()
            #expect(wait(.seconds(600)))
        }
    }

    @Test func whatIsStillOpenWhenTheServerEndsIsClosed() throws {
        try receive(head)
        try receive(.end(nil))
        channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        #expect(wait(.seconds(4)))
        #expect(!wait(.seconds(1)))
    }
}
