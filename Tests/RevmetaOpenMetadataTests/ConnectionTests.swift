import Foundation
import RevmetaModel
import RevmetaTestSupport
import Testing

@testable import RevmetaOpenMetadata

/// The way to the server: TLS, proxies.
@Suite struct ConnectionTests {
    /// A certificate for 127.0.0.1 that signs itself, with its key.
    private final class Certificate {
        let path = FileManager.default.temporaryDirectory.appending(path: "certificate-\(UUID().uuidString).pem").path

        /// - Parameter isOver: Whether it was valid until yesterday.
        init(for name: String = "IP:127.0.0.1", isOver: Bool = false) throws {
            try openssl(
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=catalog", "-addext",
                "subjectAltName=\(name)", "-keyout", path, "-out", authority)
            if isOver { try openssl("x509", "-in", authority, "-signkey", path, "-days", "-1", "-out", authority) }
            let both = try text(path) + text(authority)
            try both.write(toFile: path, atomically: false, encoding: .utf8)
        }

        private func openssl(_ arguments: String...) throws {
            let openssl = Process()
            openssl.executableURL = URL(filePath: "/usr/bin/env")
            openssl.arguments = ["openssl"] + arguments
            openssl.standardError = FileHandle.nullDevice
            try openssl.run()
            openssl.waitUntilExit()
            try #require(openssl.terminationStatus == 0)
        }

        deinit {
            for file in [path, authority] { try? FileManager.default.removeItem(atPath: file) }
        }

        var authority: String { path + ".public" }

        func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
    }

    @Test func anAuthorityOfOnesOwnIsTrusted() async throws {
        let certificate = try Certificate()
        let catalog = try TestCatalog.shop(tables: 1, options: ["--certificate", certificate.path])
        #expect(catalog.server.address.hasPrefix("https://"))
        #expect(await catalog.failure(settings: { $0.caCertificate = certificate.authority }) == nil)
        let pem = try certificate.text(certificate.authority)
        #expect(await catalog.failure(settings: { $0.caCertificate = pem }) == nil)
    }

    @Test func astrangersCertificateIsNot() async throws {
        let certificate = try Certificate()
        let catalog = try TestCatalog.shop(tables: 1, options: ["--certificate", certificate.path])
        let stranger = try Certificate()
        for authority in [nil, stranger.authority] {
            let error = try #require(await catalog.failure(settings: { $0.caCertificate = authority }))
            #expect(error.failure.message.hasPrefix("its certificate is signed by nobody who is trusted here"), "\(error)")
            #expect(!error.mayPass)
        }
        #expect(catalog.waits.all.isEmpty)
    }

    @Test func aCertificateThatIsOverIsNot() async throws {
        let certificate = try Certificate(isOver: true)
        let catalog = try TestCatalog.shop(tables: 1, options: ["--certificate", certificate.path])
        let error = try #require(await catalog.failure(settings: { $0.caCertificate = certificate.authority }))
        #expect(error.failure.message.contains("or its days are over"), "\(error)")
        #expect(!error.mayPass)
    }

    @Test func aCertificateForAnotherHostIsNot() async throws {
        let certificate = try Certificate(for: "DNS:catalog.example.com")
        let catalog = try TestCatalog.shop(tables: 1, options: ["--certificate", certificate.path])
        let error = try #require(await catalog.failure(settings: { $0.caCertificate = certificate.authority }))
        #expect(error.failure.message.hasPrefix("its certificate is for another host"), "\(error)")
    }

    @Test func plainHTTPIsNoTLS() async throws {
        let catalog = try TestCatalog.shop(tables: 1)
        let error = try #require(await catalog.failure(settings: { $0.address = $0.address.replacing("http:", with: "https:") }))
        #expect(error.failure.message.hasPrefix("it does not speak TLS"), "\(error)")
    }

    @Test func aCertificateThatCannotBeReadIsTold() async throws {
        let catalog = try TestCatalog.shop(tables: 1)
        let error = try #require(await catalog.failure(settings: { $0.caCertificate = "/nowhere/ca.pem" }))
        #expect(error.failure.message.hasSuffix("in the file /nowhere/ca.pem"))
        #expect(error.failure.status == .config)
    }

    /// Only the proxy knows the host.
    @Test func aProxyLeadsToTheServer() async throws {
        let catalog = try TestCatalog.shop(tables: 3)
        let proxy = try ForwardProxy(to: catalog.server.port, user: "me:s@cret")
        let found = try await catalog.entities(settings: {
            ($0.address, $0.proxy) = ("http://catalog.invalid/api", Secret(proxy.address(user: "me:s%40cret")))
        })
        #expect(found.count { $0.kind == .table } == 3)
    }

    @Test func aProxyLeadsToTheServerOverTLS() async throws {
        let certificate = try Certificate(for: "DNS:catalog.invalid")
        let catalog = try TestCatalog.shop(tables: 3, options: ["--certificate", certificate.path])
        let proxy = try ForwardProxy(to: catalog.server.port)
        let found = try await catalog.entities(settings: {
            ($0.address, $0.proxy) = ("https://catalog.invalid/api", Secret(proxy.address()))
            $0.caCertificate = certificate.authority
        })
        #expect(found.count { $0.kind == .table } == 3)
    }

    @Test func aProxyThatWantsToKnowWho() async throws {
        let certificate = try Certificate(for: "DNS:catalog.invalid")
        let catalog = try TestCatalog.shop(tables: 1, options: ["--certificate", certificate.path])
        let proxy = try ForwardProxy(to: catalog.server.port, user: "me:s@cret")
        let error = try #require(await catalog.failure(settings: {
            ($0.address, $0.proxy) = ("https://catalog.invalid/api", Secret(proxy.address(user: "me:wrong")))
            $0.caCertificate = certificate.authority
        }))
        #expect(error.failure.message.hasPrefix("the proxy wants a name and a password"), "\(error)")
        #expect(!error.description.contains("wrong"))
        let plain = try #require(await catalog.failure(settings: {
            ($0.address, $0.proxy) = ("http://catalog.invalid/api", Secret(proxy.address()))
        }))
        #expect(plain.failure.message.hasPrefix("the proxy wants a name and a password"), "\(plain)")
        let misspelt = try #require(await catalog.failure(settings: { $0.proxy = Secret("proxy:hunter2@") }))
        #expect(misspelt.failure.message == "catalog.proxy: expected an address such as http://proxy.example.com:3128")
    }
}
