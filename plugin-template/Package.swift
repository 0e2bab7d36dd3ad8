// swift-tools-version: 6.2
import PackageDescription

// Where the kit is: where an installation puts it, unless REVMETA_KIT names another package URL.
let kit = Context.environment["REVMETA_KIT"] ?? "file:///usr/local/share/revmeta/kit"
let kitName = kit.split(separator: "/").last.map(String.init) ?? kit

let package = Package(
    name: "notes",
    products: [
        // What the host loads: libnotes.so.
        .library(name: "notes", type: .dynamic, targets: ["NotesPlugin"])
    ],
    dependencies: [
        // Before its 1.0, a minor version of the kit may change its Swift side. What crosses to the host is 1.0 already.
        .package(url: kit, .upToNextMinor(from: "0.1.0"))
    ],
    targets: [
        .target(
            // Give the module a name that no other plugin has: Swift looks types up by name, over all that is loaded.
            name: "NotesPlugin",
            dependencies: [.product(name: "RevmetaPlugin", package: kitName)],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
            ],
            linkerSettings: [
                .unsafeFlags([
                    // Only the entry function leaves the library.
                    "-Xlinker", "--version-script=\(Context.packageDirectory)/exports.map",
                    // A missing symbol stops the build, not the host.
                    "-Xlinker", "-z", "-Xlinker", "defs",
                ]),
                // The library brings Swift's own along: it runs where no Swift, or another one, is installed.
                .unsafeFlags(["-static-stdlib"], .when(configuration: .release)),
            ]),
        .testTarget(name: "NotesPluginTests", dependencies: ["NotesPlugin"]),
    ],
    swiftLanguageModes: [.v6]
)
