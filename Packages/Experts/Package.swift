// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "Experts",
    products: [.library(name: "Experts", targets: ["Experts"])],
    dependencies: [
        .package(path: "../ExactTypes"),
        .package(path: "../SharedTypes"),
        .package(path: "../DatabaseClient"),
    ],
    targets: [
        .target(
            name: "Experts",
            dependencies: [
                "ExactTypes", "SharedTypes", .product(name: "DatabaseClient", package: "DatabaseClient"),
            ],
            swiftSettings: strict)
    ]
)
