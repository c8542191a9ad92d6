// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "Notifications",
    products: [.library(name: "Notifications", targets: ["Notifications"])],
    dependencies: [
        .package(path: "../SharedTypes"),
        .package(path: "../DatabaseClient"),
    ],
    targets: [
        .target(
            name: "Notifications",
            dependencies: ["SharedTypes", .product(name: "DatabaseClient", package: "DatabaseClient")],
            swiftSettings: strict)
    ]
)
