/// The release of revmeta that this code belongs to.
public enum Release {
    /// As `revmeta --version` prints it.
    public static let version = "0.1.0"

    /// Why a worker cannot serve whoever started it; nil: it can.
    ///
    /// Frames are no protocol between releases. A host that ran while another release was installed would start that one's
    /// worker, and each would read something else in what the other sends.
    ///
    /// - Parameter host: The release of the host, which is the worker's only argument; nil: there was none.
    public static func problem(servingHost host: String?) -> String? {
        guard host != version else { return nil }
        let starter = host.map { "revmeta \($0)" } ?? "a program that does not say which release it is"
        return "this revmeta-worker is of revmeta \(version), and was started by \(starter): if revmeta was upgraded while it "
            + "ran, start it again; otherwise install it again"
    }
}
