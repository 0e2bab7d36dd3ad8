import CLibmariadb
import RevmetaPlugin

/// libmariadb's connection.
typealias Handle = UnsafeMutablePointer<MYSQL>

extension ConnectionSettings {
    /// The client library's own tables, which must not be made by two threads at once.
    private static let library: Void = { mysql_server_init(0, nil, nil) }()

    /// Connects. Waits for at most the settings' `connectTimeout`.
    func connect() throws(Failure) -> Handle {
        Self.library
        guard let handle = mysql_init(nil) else { throw Failure(.failed, "libmariadb is out of memory") }
        var seconds = UInt32(connectTimeout)
        mysql_options(handle, MYSQL_OPT_CONNECT_TIMEOUT, &seconds)
        // For a server that falls silent in the middle of an answer; waiting for an answer to begin is not limited.
        var silence: UInt32 = 60
        mysql_options(handle, MYSQL_OPT_READ_TIMEOUT, &silence)
        mysql_options(handle, MYSQL_OPT_WRITE_TIMEOUT, &silence)
        mysql_options(handle, MYSQL_SET_CHARSET_NAME, "utf8mb4")
        // A server must not be able to ask for this machine's files.
        var no: UInt32 = 0
        mysql_options(handle, MYSQL_OPT_LOCAL_INFILE, &no)
        // Else the name "localhost" would mean a socket, whatever the port.
        var transport = UInt32((host == nil ? MYSQL_PROTOCOL_SOCKET : MYSQL_PROTOCOL_TCP).rawValue)
        mysql_options(handle, MYSQL_OPT_PROTOCOL, &transport)
        mysql_options4(handle, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", "revmeta")
        if encryption != .disable {
            mysql_ssl_set(handle, key, certificate, caCertificate, nil, nil)
            var yes: my_bool = 1
            if encryption != .prefer { mysql_options(handle, MYSQL_OPT_SSL_ENFORCE, &yes) }
            if encryption == .verifyFull { mysql_options(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &yes) }
        }
        guard mysql_real_connect(handle, host, user, password, nil, port, socket, 0) != nil else {
            let error = ServerError(handle)
            mysql_close(handle)
            throw error.failure(connectingTo: self)
        }
        // The library may take a server that offers no TLS for one that needs none.
        if [.require, .verifyFull].contains(encryption), mysql_get_ssl_cipher(handle) == nil {
            mysql_close(handle)
            throw Failure(
                .config, "could not connect to \(place) as \(userName): the server offers no TLS, which sslMode "
                    + "\(encryption.rawValue) demands; set up TLS there, or set sslMode")
        }
        return handle
    }
}
