internal import Glibc

/// A file that only this user can read, and that is removed with the last reference to it: for a client library that
/// takes a certificate or a key only as a file.
public final class PrivateFile: Sendable {
    public let path: String

    public init(holding text: String) throws(Failure) {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((folder + "/revmeta-private-XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)  // made with mode 0600
        guard descriptor >= 0 else {
            throw Failure(.failed, "no temporary file could be made in \(folder) for a certificate or key")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { Glibc.close(descriptor) }
        let bytes = Array(text.utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count else {
            throw Failure(.failed, "a temporary file in \(folder) could not be written; is the disk full?")
        }
    }

    deinit {
        unlink(path)
    }
}
