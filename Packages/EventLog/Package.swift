// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "EventLog",
    products: [.library(name: "EventLog", targets: ["EventLog"])],
    dependencies: [
        .package(path: "../SharedTypes"),
        .package(path: "../DatabaseClient"),
    ],
    targets: [
        .target(
            name: "EventLog",
            dependencies: ["SharedTypes", .product(name: "DatabaseClient", package: "DatabaseClient")],
            swiftSettings: strict)
    ]
)
