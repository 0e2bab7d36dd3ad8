import RevmetaDigest
import Testing

@Suite struct SHA256Tests {
    /// The examples of the standard, FIPS 180-4.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
    ])
    func isTheStandardsHash(text: String, hash: String) {
        for cut in 0...text.utf8.count {
            var one = SHA256()
            one.update(text.utf8.prefix(cut))
            one.update(text.utf8.dropFirst(cut))
            #expect(one.hexadecimal() == hash)
        }
    }

    @Test func fieldsAreKeptApart() {
        func hash(_ fields: [String?]) -> String {
            var hash = SHA256()
            hash.update(fields: fields)
            return hash.hexadecimal()
        }
        let all: [[String?]] = [["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""], ["abc", nil], [nil, "abc"], [], [nil], [""]]
        #expect(Set(all.map(hash)).count == all.count)
    }
}
