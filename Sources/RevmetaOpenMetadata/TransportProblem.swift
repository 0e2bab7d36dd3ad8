internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import RevmetaJSON
internal import RevmetaModel

/// Why there was no answer, or no whole one.
enum TransportProblem {
    static func failure(_ error: any Error, timeout: Duration) -> Failure {
        switch error {
        case is CancellationError:
            Failure(.cancelled, "it was no longer wanted")
        case let error as HTTPClientError:
            failure(error, timeout: timeout)
        case is HTTPParserError:
            cut
        case let error as NIOConnectionError:
            Failure(.transient, "it cannot be reached: \(reason(error))")
        case let error as IOError:
            Failure(.transient, "the connection failed: \(systemMessage(error.errnoCode))")
        case let error as NIOSSLError:
            if case .uncleanShutdown = error { cut } else { Failure(.config, trustProblem("\(error)")) }
        case let error as NIOSSLExtraError:
            Failure(.config, trustProblem("\(error)"))
        default:
            Failure(.transient, "the connection failed: \(error)")
        }
    }

    private static func failure(_ error: HTTPClientError, timeout: Duration) -> Failure {
        switch error {
        case .cancelled:
            Failure(.cancelled, "it was no longer wanted")
        case .readTimeout, .deadlineExceeded:
            Failure(.transient, "it said nothing for \(timeout.components.seconds) s (catalog.timeout)")
        case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout:
            Failure(.transient, "it could not be reached in time")
        case .remoteConnectionClosed, .bodyLengthMismatch, .uncleanShutdown:
            cut
        case .proxyAuthenticationRequired:
            .proxyWantsUser
        case .invalidProxyResponse, .httpProxyHandshakeTimeout:
            Failure(.transient, "the proxy did not connect to it")
        default:
            Failure(.transient, "the connection failed: \(error)")
        }
    }

    private static var cut: Failure {
        Failure(.transient, "it closed the connection before its answer was whole")
    }

    private static func reason(_ error: NIOConnectionError) -> String {
        if let first = error.connectionErrors.first?.error {
            return (first as? IOError).map { systemMessage($0.errnoCode) } ?? "\(first)"
        }
        return "the host \(error.host) is not known"
    }

    private static func trustProblem(_ details: String) -> String {
        if details.contains("CERTIFICATE_VERIFY_FAILED") {
            return "its certificate is signed by nobody who is trusted here, or its days are over: set "
                + "catalog.sslConfig.caCertificate to the authority that signed it, or have it renewed"
        }
        if details.contains("failedToValidateHostname") {
            return "its certificate is for another host than catalog.hostPort names"
        }
        if details.contains("WRONG_VERSION_NUMBER") {
            return "it does not speak TLS: is catalog.hostPort to begin with http://?"
        }
        return "a safe connection could not be made: \(details)"
    }
}
