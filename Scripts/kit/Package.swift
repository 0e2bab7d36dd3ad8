// swift-tools-version: 6.2
import PackageDescription

// What a connector's author depends on: the boundary's C headers and the Swift kit on top of them, nothing else.
let package = Package(
    name: "kit",
    products: [
        .library(name: "CRevmeta", targets: ["CRevmeta"]),
        .library(name: "RevmetaPlugin", targets: ["RevmetaPlugin"]),
    ],
    targets: [
        .target(name: "CRevmeta"),
        .target(
            name: "RevmetaPlugin",
            dependencies: ["CRevmeta"],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
