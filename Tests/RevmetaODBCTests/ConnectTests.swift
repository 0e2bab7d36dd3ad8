import RevmetaODBC
import RevmetaPlugin
import RevmetaTestSupport
import Testing

struct ConnectTests {
    @Test(arguments: ["No Such Driver", "/nowhere/libdriver.so"])
    func aDriverThatIsNotThereIsAMatterOfSettings(_ driver: String) throws {
        var string = ConnectionString(driver: driver)
        string.append("PWD", "correct horse")
        let error = try #require(throws: ODBCError.self) { try Connection(string) }
        #expect(error.status == .config)
        #expect(!error.sentence.contains("horse"))
    }

    @Test
    func aServerThatIsNotThereMayComeBack() throws {
        var string = ConnectionString(driver: "PostgreSQL Unicode")
        string.append("Server", "127.0.0.1")
        string.append("Port", "1")
        string.append("UID", "postgres")
        string.append("PWD", "correct horse")
        let error = try #require(throws: ODBCError.self) { try Connection(string, loginTimeout: 600) }
        #expect(error.status == .transient)
        #expect(error.isOfConnection)
        #expect(!error.sentence.contains("horse"))
    }

    @Test
    func aPasswordIsRefused() throws {
        let server = try PostgresServer.shared.get()
        try PostgresClient(server, database: "postgres").run("CREATE ROLE odbc_user LOGIN PASSWORD 'semi;colon} }= \\ ''ü'")
        func string(_ password: String) -> ConnectionString {
            var string = ConnectionString(driver: "PostgreSQL Unicode")
            string.append("Server", "127.0.0.1")
            string.append("Port", "\(server.port)")
            string.append("Database", "postgres")
            string.append("UID", "odbc_user")
            string.append("PWD", password)
            return string
        }
        #expect(throws: ODBCError.self) { try Connection(string("wrong")) }
        // A password of any letters is a password, and no further keys.
        let connection = try Connection(string("semi;colon} }= \\ 'ü"))
        #expect(try connection.rows("SELECT current_user").values == [["odbc_user"]])
    }

    @Test(arguments: [Driver.postgresUnicode, .mariaDB])
    func aLostConnectionIsTold(_ driver: Driver) throws {
        let connection: Connection
        switch driver {
        case .mariaDB:
            connection = try driver.connect()
            let id = try #require(try connection.rows("SELECT CONNECTION_ID()").values[0][0])
            try MariaDBClient(try MariaDBServer.shared.get()).run("KILL \(id)")
        default:
            let database = try PostgresServer.shared.get().createDatabase()
            connection = try Connection(Driver.postgres(driver: "PostgreSQL Unicode", database))
            let pid = try #require(try connection.rows("SELECT pg_backend_pid()").values[0][0])
            #expect(try database.query("SELECT pg_terminate_backend(\(pid), 600000)") == [["t"]])
        }
        let error = try #require(throws: ODBCError.self) { try connection.rows("SELECT 1") }
        #expect(error.isOfConnection, "\(error)")
        #expect(error.status == .transient)
    }

    @Test
    func aClosedConnectionSaysSo() throws {
        let connection = try Driver.sqlite.connect()
        connection.close()
        connection.close()
        let error = try #require(throws: ODBCError.self) { try connection.rows("SELECT 1") }
        #expect(error.isOfConnection)
    }
}
