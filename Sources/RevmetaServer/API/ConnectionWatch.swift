internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// Ends a connection whose client is too slow, in either direction, or sends without end.
///
/// A client that waits between requests, or with a head that does not come, is the server's own idle timeout's matter.
final class ConnectionWatch: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    struct Limits: Sendable {
        /// From a request's head to its end.
        var request = TimeAmount.seconds(30)
        /// How long a client may take nothing of what is sent to it.
        var silence = TimeAmount.seconds(60)
        /// How long a request's body may be; what a route takes is checked by the route, with an answer.
        var body = 24 << 20
        /// How long the rest may take when the server ends.
        var ending = TimeAmount.seconds(5)
    }

    private let limits: Limits
    private var request: Scheduled<Void>?
    private var silence: Scheduled<Void>?
    private var ending: Scheduled<Void>?
    private var received = 0
    private var unsent = 0

    init(_ limits: Limits) {
        self.limits = limits
    }

    func handlerRemoved(context: ChannelHandlerContext) { cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            received = 0
            request?.cancel()
            request = close(after: limits.request, context)
        case .body(let bytes):
            received += bytes.readableBytes
            guard received <= limits.body else { return context.close(promise: nil) }
        case .end:
            request?.cancel()
            request = nil
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        unsent += 1
        if silence == nil { silence = close(after: limits.silence, context) }
        let promise = promise ?? context.eventLoop.makePromise(of: Void.self)
        let box = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        promise.futureResult.whenComplete { _ in
            let (watch, context) = box.value
            watch.unsent -= 1
            watch.silence?.cancel()
            watch.silence = watch.unsent > 0 ? watch.close(after: watch.limits.silence, context) : nil
        }
        context.write(data, promise: promise)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent, ending == nil { ending = close(after: limits.ending, context) }
        context.fireUserInboundEventTriggered(event)
    }

    private func close(after time: TimeAmount, _ context: ChannelHandlerContext) -> Scheduled<Void> {
        let box = NIOLoopBound(context, eventLoop: context.eventLoop)
        return context.eventLoop.scheduleTask(in: time) { box.value.close(promise: nil) }
    }

    private func cancel() {
        request?.cancel()
        silence?.cancel()
        ending?.cancel()
    }
}

@available(*, unavailable)
extension ConnectionWatch: Sendable {}
