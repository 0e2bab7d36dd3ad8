internal import Glibc

/// The part of an ELF file's header that says what machine it is for.
struct ELFHeader: CustomStringConvertible {
    let bits: Int
    let machine: UInt16
    let isSharedObject: Bool

    init(of path: String) throws(PluginProblem) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw PluginProblem("\(path) cannot be read: \(String(cString: strerror(errno)))") }
        defer { close(file) }
        var header = [UInt8](repeating: 0, count: 20)
        guard read(file, &header, 20) == 20, header[0...3] == [0x7F, 0x45, 0x4C, 0x46] else {
            throw PluginProblem("\(path) is no library of this kind of system: it is not an ELF file")
        }
        bits = header[4] == 2 ? 64 : 32
        let isBigEndian = header[5] == 2
        func number(at offset: Int) -> UInt16 {
            let (low, high) = (UInt16(header[offset]), UInt16(header[offset + 1]))
            return isBigEndian ? low << 8 | high : high << 8 | low
        }
        isSharedObject = number(at: 16) == 3
        machine = number(at: 18)
    }

    var description: String {
        let names: [UInt16: String] = [
            3: "x86", 21: "POWER", 22: "S/390", 40: "ARM", 62: "x86-64", 183: "AArch64", 243: "RISC-V",
        ]
        return "\(names[machine] ?? "machine \(machine)") (\(bits) bits)"
    }
}
