// swift-tools-version: 6.2
import PackageDescription

// Targets stand in the order of their imports: what a target uses stands above it. Tests stand last.
let package = Package(
    name: "revmeta",
    products: [
        .library(name: "CRevmeta", targets: ["CRevmeta"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-async-algorithms", from: "1.1.4"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // The C ABI: headers and a module map, nothing else.
        .target(name: "CRevmeta"),

        // The vocabulary, as values.
        .target(name: "RevmetaModel"),

        // revmeta.yaml: its keys, its problems, its schema.
        .target(
            name: "RevmetaConfiguration", dependencies: ["RevmetaModel", .product(name: "Yams", package: "Yams")]),

        .testTarget(name: "RevmetaModelTests", dependencies: ["RevmetaModel"]),
        .testTarget(name: "RevmetaConfigurationTests", dependencies: ["RevmetaConfiguration", "RevmetaModel"]),
    ],
    swiftLanguageModes: [.v6]
)

// One place for what every Swift target is built with.
for target in package.targets where target.type != .system && target.name != "CRevmeta" {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ]
}
