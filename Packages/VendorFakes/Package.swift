// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "VendorFakes",
    products: [.library(name: "VendorFakes", targets: ["VendorFakes"])],
    dependencies: [
        .package(path: "../ExactTypes"),
        .package(path: "../StrictJSON"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    ],
    targets: [
        .target(
            name: "VendorFakes",
            dependencies: [
                "ExactTypes", "StrictJSON", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: strict)
    ]
)
