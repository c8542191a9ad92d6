// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "AsyncHTTPTransport",
    // As ExactTypes, which it stands on.
    platforms: [.macOS(.v15), .iOS(.v18)],
    products: [.library(name: "AsyncHTTPTransport", targets: ["AsyncHTTPTransport"])],
    dependencies: [
        .package(path: "../ContractKit"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    ],
    targets: [
        .target(
            name: "AsyncHTTPTransport",
            dependencies: [
                "ContractKit", .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: strict)
    ]
)
