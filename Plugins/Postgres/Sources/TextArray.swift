/// A `text[]` parameter, spelled as the server reads arrays: `{"one","two"}`.
struct TextArray {
    private var bytes: [UInt8] = [UInt8(ascii: "{")]

    mutating func append(_ element: String) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\""))
        for byte in element.utf8 {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    var parameter: String {
        String(decoding: bytes, as: UTF8.self) + "}"
    }
}
