// swift-tools-version: 6.2
import PackageDescription

// Targets stand in the order of their imports: what a target uses stands above it. Tests stand last.
let package = Package(
    name: "revmeta",
    products: [
        .executable(name: "revmeta", targets: ["revmeta"]),
        .executable(name: "revmeta-worker", targets: ["revmeta-worker"]),
        .library(name: "CRevmeta", targets: ["CRevmeta"]),
        .library(name: "RevmetaPlugin", targets: ["RevmetaPlugin"]),
        .library(name: "revmeta-format", type: .dynamic, targets: ["FormatEntry"]),
        .library(name: "revmeta-mysql", type: .dynamic, targets: ["MySQLEntry"]),
        .library(name: "revmeta-snowflake", type: .dynamic, targets: ["SnowflakeEntry"]),
        .library(name: "revmeta-postgres", type: .dynamic, targets: ["PostgresEntry"]),
        .library(name: "revmeta-stencil", type: .dynamic, targets: ["StencilEntry"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-async-algorithms", from: "1.1.4"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.90.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.29.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.36.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        // Exactly: its loops, filters and errors are taken apart and put together again.
        .package(url: "https://github.com/stencilproject/Stencil", exact: "0.15.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // The C ABI: headers and a module map, nothing else.
        .target(name: "CRevmeta"),

        // The kit of a plugin's author. Never linked into the host.
        .target(name: "RevmetaPlugin", dependencies: ["CRevmeta"]),

        // Markdown to text. Without the host, so that a plugin can link it too.
        .systemLibrary(name: "CCmarkGFM", pkgConfig: "libcmark-gfm", providers: [.apt(["libcmark-gfm-dev"])]),
        .target(name: "RevmetaMarkdown", dependencies: ["CCmarkGFM"]),

        // Templates' texts as each dialect reads them: what both template engines place their values by.
        .target(name: "RevmetaSQLText", dependencies: ["RevmetaPlugin", "RevmetaMarkdown"]),

        // The vocabulary, as values.
        .target(name: "RevmetaModel"),

        // Filters as Collate saves them.
        .target(name: "RevmetaFilters", dependencies: ["RevmetaModel"]),

        // revmeta.yaml: its keys, its problems, its schema.
        .target(
            name: "RevmetaConfiguration",
            dependencies: ["RevmetaModel", "RevmetaFilters", .product(name: "Yams", package: "Yams")]),

        // Lists in files of JSON of any length, an element at a time.
        .target(name: "RevmetaJSON"),

        // Reading the truth.
        .target(name: "RevmetaCatalog", dependencies: ["RevmetaModel", "RevmetaJSON"]),

        // Hashes that stand for contents, and codes that show who sent them.
        .systemLibrary(name: "CNettle", providers: [.apt(["nettle-dev"])]),
        .target(name: "RevmetaDigest", dependencies: ["CNettle"]),

        // Reading the truth from a running server: OpenMetadata, Collate. Apart, so that nobody else builds a client of HTTP.
        .target(
            name: "RevmetaOpenMetadata",
            dependencies: [
                "RevmetaModel", "RevmetaJSON", "RevmetaCatalog", "RevmetaDigest",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPCompression", package: "swift-nio-extras"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"), .product(name: "Logging", package: "swift-log"),
            ]),

        // The decisions: filter, route, diff, plan, apply. Knows protocols, not C, not dlopen.
        .target(
            name: "RevmetaEngine",
            dependencies: [
                "RevmetaModel", "RevmetaMarkdown", "RevmetaDigest",
                .product(name: "AsyncAlgorithms", package: "swift-async-algorithms"),
                .product(name: "Logging", package: "swift-log"),
            ]),

        // What was planned, written and remembered: SQLite.
        .target(
            name: "RevmetaJournal",
            dependencies: [
                "CGlibc", "RevmetaModel", "RevmetaEngine", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]),

        // Plans as files: made and looked at by one, run by another.
        .target(
            name: "RevmetaPlanFile", dependencies: ["RevmetaModel", "RevmetaJSON", "RevmetaEngine", "RevmetaJournal"]),

        // What programs are told, in JSON: by the command line and by the server alike.
        .target(
            name: "RevmetaAnswers",
            dependencies: ["RevmetaModel", "RevmetaJSON", "RevmetaEngine", "RevmetaJournal", "RevmetaPlanFile"]),

        // Which release this is: the program and its worker have to be of one.
        .target(name: "RevmetaRelease"),

        // Of the C library, what Swift's view of it leaves out.
        .systemLibrary(name: "CGlibc"),

        // Runs one plugin, as frames ask for it; the one place with unsafe pointers on the host's side.
        .target(name: "RevmetaRunner", dependencies: ["CRevmeta"]),

        // The process that a plugin runs in. With a runtime of its own, so that a plugin may bring another.
        .executableTarget(
            name: "revmeta-worker", dependencies: ["CGlibc", "RevmetaRelease", "RevmetaRunner"],
            linkerSettings: [.unsafeFlags(["-static-stdlib"])]),

        // Finds plugins, has them run, talks to them.
        .target(
            name: "RevmetaHost",
            dependencies: ["CRevmeta", "RevmetaRelease", "RevmetaRunner", "RevmetaModel", "RevmetaEngine"]),

        // What a run is, from the catalog and the plugins to its end in the journal: for the command line and the server.
        .target(
            name: "RevmetaRuns",
            dependencies: [
                "RevmetaModel", "RevmetaJSON", "RevmetaCatalog", "RevmetaOpenMetadata", "RevmetaDigest", "RevmetaEngine",
                "RevmetaJournal", "RevmetaHost", .product(name: "Logging", package: "swift-log"),
            ]),

        // A server: schedules, change events, an interface over HTTP.
        .target(
            name: "RevmetaServer",
            dependencies: [
                "RevmetaModel", "RevmetaCatalog", "RevmetaOpenMetadata", "RevmetaEngine", "RevmetaJournal", "RevmetaHost",
                "RevmetaRuns", "RevmetaAnswers", "RevmetaDigest", "RevmetaJSON", "RevmetaPlanFile",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"), .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),

        // The command line.
        .executableTarget(
            name: "revmeta",
            dependencies: [
                "CGlibc",
                "RevmetaRelease", "RevmetaRuns", "RevmetaServer", "RevmetaAnswers",
                "RevmetaModel", "RevmetaConfiguration", "RevmetaJSON", "RevmetaCatalog", "RevmetaOpenMetadata", "RevmetaDigest",
                "RevmetaEngine", "RevmetaJournal", "RevmetaPlanFile", "RevmetaHost",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncAlgorithms", package: "swift-async-algorithms"),
                .product(name: "GRDB", package: "GRDB.swift"), .product(name: "Logging", package: "swift-log"),
            ],
            linkerSettings: [holdsSwift()]),

        // Filters tried by millions: `make bench` and `Tests/acceptance/filters.sh` use it.
        .executableTarget(
            name: "filter-trial", dependencies: ["RevmetaModel", "RevmetaConfiguration", "RevmetaFilters", "RevmetaEngine"],
            path: "Benchmarks/FilterTrial"),

        // The bundled plugins. Each one's exported function is a target of its own, which no test is linked with: all of
        // them have one name.
        .target(
            name: "RevmetaFormat", dependencies: ["RevmetaPlugin", "RevmetaSQLText"], path: "Plugins/Format/Sources"),
        .target(
            name: "FormatEntry", dependencies: ["RevmetaFormat", "RevmetaPlugin"], path: "Plugins/Format/Entry",
            linkerSettings: [exportsOnlyEntry("Plugins/Format/exports.map"), holdsSwift()]),
        .target(
            name: "RevmetaStencil",
            dependencies: ["RevmetaPlugin", "RevmetaSQLText", .product(name: "Stencil", package: "Stencil")],
            path: "Plugins/Stencil/Sources"),
        .target(
            name: "StencilEntry", dependencies: ["RevmetaStencil", "RevmetaPlugin"], path: "Plugins/Stencil/Entry",
            linkerSettings: [exportsOnlyEntry("Plugins/Stencil/exports.map"), holdsSwift()]),
        // Threads of a connector's own: linked into each that has any.
        .target(name: "RevmetaThreads", path: "Plugins/Threads/Sources"),

        .systemLibrary(
            name: "CLibpq", path: "Plugins/Postgres/CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(
            name: "RevmetaPostgres", dependencies: ["RevmetaPlugin", "RevmetaThreads", "CLibpq"],
            path: "Plugins/Postgres/Sources"),
        .target(
            name: "PostgresEntry", dependencies: ["RevmetaPlugin", "RevmetaPostgres"], path: "Plugins/Postgres/Entry",
            linkerSettings: [exportsOnlyEntry("Plugins/Postgres/exports.map"), holdsSwift()]),

        .systemLibrary(
            name: "CLibmariadb", path: "Plugins/MySQL/CLibmariadb", pkgConfig: "libmariadb",
            providers: [.apt(["libmariadb-dev"])]),
        .target(
            name: "RevmetaMySQL", dependencies: ["RevmetaPlugin", "CLibmariadb"], path: "Plugins/MySQL/Sources"),
        .target(
            name: "MySQLEntry", dependencies: ["RevmetaPlugin", "RevmetaMySQL"], path: "Plugins/MySQL/Entry",
            linkerSettings: [exportsOnlyEntry("Plugins/MySQL/exports.map"), holdsSwift()]),

        // ODBC, for the connectors whose sources are reached by a driver: linked into each of them.
        .systemLibrary(
            name: "CODBC", path: "Plugins/ODBC/CODBC", pkgConfig: "odbc", providers: [.apt(["unixodbc-dev"])]),
        .target(name: "RevmetaODBC", dependencies: ["RevmetaPlugin", "RevmetaThreads", "CODBC"], path: "Plugins/ODBC/Sources"),

        .target(
            name: "RevmetaSnowflake", dependencies: ["RevmetaPlugin", "RevmetaODBC"], path: "Plugins/Snowflake/Sources"),
        .target(
            name: "SnowflakeEntry", dependencies: ["RevmetaPlugin", "RevmetaSnowflake"], path: "Plugins/Snowflake/Entry",
            linkerSettings: [exportsOnlyEntry("Plugins/Snowflake/exports.map"), holdsSwift()]),

        // What the test suites share: how they wait, and throw-away servers.
        .target(name: "RevmetaTestWaiting", path: "Tests/RevmetaTestWaiting"),
        .target(
            name: "RevmetaTestSupport", dependencies: ["CLibmariadb", "CLibpq"], path: "Tests/RevmetaTestSupport"),

        .testTarget(name: "RevmetaMarkdownTests", dependencies: ["RevmetaMarkdown"]),
        .testTarget(name: "RevmetaModelTests", dependencies: ["RevmetaModel"]),
        .testTarget(name: "RevmetaConfigurationTests", dependencies: ["RevmetaConfiguration", "RevmetaModel"]),
        .testTarget(
            name: "RevmetaFiltersTests",
            dependencies: ["RevmetaFilters", "RevmetaConfiguration", "RevmetaCatalog", "RevmetaEngine", "RevmetaModel"]),
        .testTarget(name: "RevmetaDigestTests", dependencies: ["RevmetaDigest"]),
        .testTarget(name: "RevmetaJSONTests", dependencies: ["RevmetaJSON"]),
        .testTarget(name: "RevmetaCatalogTests", dependencies: ["RevmetaCatalog", "RevmetaJSON", "RevmetaModel"]),
        .testTarget(
            name: "RevmetaOpenMetadataTests",
            dependencies: [
                "RevmetaOpenMetadata", "RevmetaCatalog", "RevmetaDigest", "RevmetaModel", "RevmetaJSON", "RevmetaTestSupport",
                .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(
            name: "RevmetaHostTests",
            dependencies: [
                "RevmetaHost", "RevmetaRelease", "RevmetaRunner", "RevmetaEngine", "RevmetaModel", "CRevmeta",
                "RevmetaTestWaiting",
            ]),
        .testTarget(name: "RevmetaPluginTests", dependencies: ["RevmetaPlugin", "CRevmeta"]),
        .testTarget(name: "RevmetaODBCTests", dependencies: ["RevmetaODBC", "RevmetaPlugin", "RevmetaTestSupport"]),
        .testTarget(
            name: "TemplateTests",
            dependencies: [
                "RevmetaFormat", "RevmetaStencil", "RevmetaSQLText", "RevmetaPlugin", "RevmetaTestSupport",
            ],
            exclude: ["same-shape.py"]),
        // Started by hand and by Tests/acceptance/fuzz.sh.
        .executableTarget(
            name: "template-fuzz",
            dependencies: ["RevmetaFormat", "RevmetaStencil", "RevmetaSQLText", "RevmetaPlugin"],
            path: "Tests/TemplateFuzz"),
        .testTarget(
            name: "ABITests", dependencies: ["CRevmeta", "RevmetaHost", "RevmetaEngine", "RevmetaModel", "RevmetaDigest"],
            exclude: ["Frozen"]),
        .testTarget(
            name: "PostgresTests",
            dependencies: [
                "RevmetaPostgres", "RevmetaHost", "RevmetaEngine", "RevmetaModel", "RevmetaPlugin", "RevmetaTestSupport",
                "RevmetaTestWaiting", "RevmetaThreads",
            ]),
        .testTarget(
            name: "MySQLTests",
            dependencies: [
                "RevmetaMySQL", "RevmetaHost", "RevmetaEngine", "RevmetaModel", "RevmetaPlugin", "RevmetaTestSupport",
                "RevmetaTestWaiting",
            ]),
        .testTarget(
            name: "RevmetaJournalTests",
            dependencies: [
                "RevmetaJournal", "RevmetaEngine", "RevmetaModel", "RevmetaTestWaiting",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .testTarget(
            name: "RevmetaServerTests",
            dependencies: [
                "RevmetaServer", "RevmetaOpenMetadata", "RevmetaEngine", "RevmetaHost", "RevmetaJournal", "RevmetaDigest",
                "RevmetaModel", "RevmetaTestSupport", "RevmetaTestWaiting",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"), .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        .testTarget(
            name: "RevmetaEngineTests",
            dependencies: [
                "RevmetaEngine", "RevmetaJournal", "RevmetaModel",
                .product(name: "AsyncAlgorithms", package: "swift-async-algorithms"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(
            name: "SnowflakeTests",
            dependencies: [
                "RevmetaSnowflake", "RevmetaODBC", "RevmetaHost", "RevmetaEngine", "RevmetaModel", "RevmetaPlugin",
                "RevmetaTestSupport", "RevmetaTestWaiting",
            ]),
        // The stand-in for Snowflake itself, by the driver manager.
        .testTarget(
            name: "SnowflakeStandInTests", dependencies: ["RevmetaODBC", "RevmetaTestSupport"],
            exclude: ["statements.txt"]),
        // The built program against real servers: it is started, not linked.
        .testTarget(
            name: "CommandLineTests",
            dependencies: ["RevmetaTestSupport", "RevmetaTestWaiting", .product(name: "GRDB", package: "GRDB.swift")]),
    ],
    swiftLanguageModes: [.v6]
)

/// A plugin's library shows the host its entry function and nothing else. What it lacks shows when it is linked, not where it
/// is to be loaded.
func exportsOnlyEntry(_ script: String) -> LinkerSetting {
    let options = ["--version-script=\(Context.packageDirectory)/\(script)", "-z", "defs"]
    return .unsafeFlags(options.flatMap { ["-Xlinker", $0] })
}

/// The program and each plugin hold Swift's libraries themselves: they need no Swift where they run, and to find those and to
/// bind what they offer took a third of a start. Not while they are developed, since it takes longer to link.
func holdsSwift() -> LinkerSetting {
    // Foundation does not name the libraries below it.
    let below = [
        "CoreFoundation", "_FoundationICU", "_FoundationCShims", "_FoundationCollections", "swiftSynchronization", "stdc++",
    ]
    return .unsafeFlags(["-static-stdlib", "-use-ld=lld"] + below.map { "-l\($0)" }, .when(configuration: .release))
}

// The sanitizers look at the host and the engine: `Tests/acceptance/sanitizers.sh` builds these alone. A plugin hides its
// symbols, and what is linked with it would hide the sanitizer's. A client of HTTP takes minutes to build.
if Context.environment["REVMETA_WITHOUT_PLUGINS"] != nil {
    let plugins = [
        "CLibmariadb",
        "CLibpq",
        "CODBC",
        "CommandLineTests",
        "FormatEntry",
        "MySQLEntry",
        "MySQLTests",
        "PostgresEntry",
        "PostgresTests",
        "RevmetaMySQL",
        "RevmetaODBC",
        "RevmetaODBCTests",
        "RevmetaPostgres",
        "RevmetaSnowflake",
        "RevmetaTestSupport",
        "RevmetaThreads",
        "SnowflakeEntry",
        "SnowflakeStandInTests",
        "SnowflakeTests",
        "StencilEntry",
        "TemplateTests",
    ]
    package.targets.removeAll { plugins.contains($0.name) }
    let libraries = ["revmeta-format", "revmeta-mysql", "revmeta-postgres", "revmeta-snowflake", "revmeta-stencil"]
    package.products.removeAll { libraries.contains($0.name) }
    let users = [
        "revmeta", "RevmetaRuns", "RevmetaServer", "RevmetaServerTests", "RevmetaOpenMetadata", "RevmetaOpenMetadataTests",
    ]
    package.targets.removeAll { users.contains($0.name) }
    package.products.removeAll { users.contains($0.name) }
    package.dependencies.removeAll { dependency in
        guard case .sourceControl(_, let location, _) = dependency.kind else { return false }
        let theirs = ["argument-parser", "async-http-client", "http-types", "hummingbird", "service-lifecycle", "swift-nio"]
        return theirs.contains { location.contains($0) }
    }
}

// One place for what every Swift target is built with.
for target in package.targets where target.type != .system && target.name != "CRevmeta" {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ]
    // Not the kit: a package that others depend on may have no flags that SwiftPM does not know.
    guard target.name != "RevmetaPlugin" else { continue }
    target.swiftSettings! += [
        // A generic type is made by what it consists of, not looked up by its name: that asks ten thousand conformances each
        // time, which took a fiftieth of a short run.
        .unsafeFlags(["-Xfrontend", "-disable-concrete-type-metadata-mangled-name-accessors"], .when(configuration: .release)),
    ]
}
