// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "ContractKit",
    // As ExactTypes, which it stands on.
    platforms: [.macOS(.v15), .iOS(.v18)],
    products: [
        .library(name: "ContractKit", targets: ["ContractKit"]),
        .library(name: "URLSessionTransport", targets: ["URLSessionTransport"]),
    ],
    // Apps use this package: it depends on none from elsewhere, which a test keeps.
    dependencies: [.package(path: "../ExactTypes"), .package(path: "../StrictJSON")],
    targets: [
        .target(name: "ContractKit", dependencies: ["ExactTypes", "StrictJSON"], swiftSettings: strict),
        .target(name: "URLSessionTransport", dependencies: ["ContractKit"], swiftSettings: strict),
    ]
)
