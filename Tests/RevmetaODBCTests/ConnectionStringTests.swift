@testable import RevmetaODBC
import Testing

struct ConnectionStringTests {
    @Test(arguments: [
        ("plain", "plain"), ("a;b", "{a;b}"), ("{x}", "{{x}}}"), ("", ""), ("with space", "{with space}"),
        ("/usr/lib/odbc/x.so", "/usr/lib/odbc/x.so"), ("é", "é"), ("a=b", "{a=b}"), ("}", "{}}}"),
    ])
    func aValueEndsWhereItEnds(_ value: String, _ written: String) {
        var string = ConnectionString()
        string.append("Key", value)
        #expect(string.text == "Key=\(written);")
        var read = ConnectionString()
        let isRead = read.append(written: string.text)
        #expect(isRead)
        #expect(read["key"] == value)
    }

    @Test
    func whatAUserWroteIsReadAsDriversReadIt() {
        var string = ConnectionString(driver: "D")
        let isRead = string.append(written: "proxy=http://p:8080; no_proxy={a;b}}c};Empty=")
        #expect(isRead)
        #expect(string["proxy"] == "http://p:8080")
        #expect(string["NO_PROXY"] == "a;b}c")
        #expect(string["Empty"] == "")
    }

    @Test(arguments: ["novalue", "=x", "a={unclosed", "a={x}y", "a;b=c"])
    func whatIsNoConnectionStringIsRefusedWhole(_ text: String) {
        var string = ConnectionString(driver: "D")
        let isRead = string.append(written: "good=1;" + text)
        #expect(!isRead)
        #expect(string["good"] == nil)
    }
}
