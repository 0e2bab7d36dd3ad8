import RevmetaModel
import Testing

@Suite struct ListenAddressTests {
    @Test(arguments: [
        ("127.0.0.1:8484", "127.0.0.1", 8484, true), ("127.1.2.3:0", "127.1.2.3", 0, true), ("[::1]:1", "::1", 1, true),
        ("LocalHost:65535", "LocalHost", 65535, true), ("0.0.0.0:80", "0.0.0.0", 80, false), ("[::]:80", "::", 80, false),
        ("127.0.0.1.example.com:80", "127.0.0.1.example.com", 80, false), ("127.0.0.256:80", "127.0.0.256", 80, false),
        ("127.1:80", "127.1", 80, false), ("[::ffff:127.0.0.1]:80", "::ffff:127.0.0.1", 80, false),
        ("[fe80::1%eth0]:80", "fe80::1%eth0", 80, false), ("revmeta-1.example.com:80", "revmeta-1.example.com", 80, false),
    ])
    func anAddressIsRead(written: String, host: String, port: Int, isLoopback: Bool) throws {
        let address = try #require(ListenAddress(written: written))
        #expect(address == ListenAddress(host: host, port: port))
        #expect(address.description == written)
        #expect(address.isLoopback == isLoopback)
        #expect((ServeSettings(listen: address).refusal == nil) == isLoopback)
        #expect(ServeSettings(listen: address, token: Secret("0123456789abcdef")).refusal == nil)
    }

    @Test(arguments: [
        "", ":", ":80", "localhost", "localhost:", "localhost:65536", "localhost:-1", "localhost:+1", "localhost:٣", "a b:1",
        "::1:80", "[::1]", "[]:1", "[localhost]:1", "http://localhost:80", "localhost:80/", "me@localhost:80", "localhost:000080",
    ])
    func whatIsNoneIsRefused(written: String) {
        #expect(ListenAddress(written: written) == nil)
    }
}
