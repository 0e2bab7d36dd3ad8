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

        // Reading the truth.
        .target(name: "RevmetaCatalog", dependencies: ["RevmetaModel"]),

        .testTarget(name: "RevmetaModelTests", dependencies: ["RevmetaModel"]),
        .testTarget(name: "RevmetaCatalogTests", dependencies: ["RevmetaCatalog", "RevmetaModel"]),
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
