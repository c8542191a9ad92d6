// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// The contexts that have a document, each with one target that `contract generate` writes.
let contexts = ["Gamification", "Market", "Notifications", "Portfolios", "ServiceKit", "Users"]

let package = Package(
    name: "Contracts",
    // As ExactTypes, which it stands on.
    platforms: [.macOS(.v15), .iOS(.v18)],
    products: contexts.map { .library(name: "\($0)Contract", targets: ["\($0)Contract"]) },
    dependencies: [
        .package(path: "../ExactTypes"), .package(path: "../SharedTypes"), .package(path: "../StrictJSON"),
        .package(path: "../ContractKit"),
    ],
    targets: contexts.map { context in
        .target(
            name: "\(context)Contract",
            dependencies: ["ExactTypes", "SharedTypes", "StrictJSON", "ContractKit"], swiftSettings: strict)
    }
)
