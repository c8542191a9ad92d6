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
    products: [.library(name: "ContractKit", targets: ["ContractKit"])],
    dependencies: [.package(path: "../ExactTypes"), .package(path: "../StrictJSON")],
    targets: [
        .target(name: "ContractKit", dependencies: ["ExactTypes", "StrictJSON"], swiftSettings: strict)
    ]
)
