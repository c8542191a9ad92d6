// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "Gamification",
    products: [.library(name: "Gamification", targets: ["Gamification"])],
    dependencies: [
        .package(path: "../SharedTypes"),
        .package(path: "../DatabaseClient"),
    ],
    targets: [
        .target(
            name: "Gamification",
            dependencies: ["SharedTypes", .product(name: "DatabaseClient", package: "DatabaseClient")],
            swiftSettings: strict)
    ]
)
