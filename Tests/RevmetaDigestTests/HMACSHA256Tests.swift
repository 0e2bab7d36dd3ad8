import RevmetaDigest
import Testing

@Suite struct HMACSHA256Tests {
    /// The test cases of RFC 4231 with their numbers; the fifth is cut to 16 bytes there.
    @Test(arguments: [
        (1, [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8),
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        (2, Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        (3, [UInt8](repeating: 0xaa, count: 20), [UInt8](repeating: 0xdd, count: 50),
         "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        (4, Array(1...25), [UInt8](repeating: 0xcd, count: 50),
         "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        (5, [UInt8](repeating: 0x0c, count: 20), Array("Test With Truncation".utf8), "a3b6167473100ee06e0c796c2955552b"),
        (6, [UInt8](repeating: 0xaa, count: 131), Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        (7, [UInt8](repeating: 0xaa, count: 131),
         Array(("This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
            + "hashed before being used by the HMAC algorithm.").utf8),
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
    ] as [(Int, [UInt8], [UInt8], String)])
    func isTheStandardsCode(number: Int, key: [UInt8], text: [UInt8], code: String) {
        let digits = HMACSHA256(of: text, key: key).bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        #expect(digits.prefix(code.count) == code)
        #expect(digits.count == 64)
    }

    @Test func bytesAreComparedWhole() {
        let code = HMACSHA256(of: [], key: []).bytes
        #expect(areEqualInConstantTime(code, code))
        #expect(areEqualInConstantTime([], []))
        #expect(!areEqualInConstantTime(code, code.dropLast()))
        for index in code.indices {
            var other = code
            other[index] ^= 1
            #expect(!areEqualInConstantTime(code, other))
        }
    }
}
