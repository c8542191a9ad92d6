// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "ContractTool",
    products: [
        .library(name: "ContractGeneration", targets: ["ContractGeneration"]),
        .executable(name: "contract", targets: ["ContractCommand"]),
    ],
    dependencies: [.package(url: "https://github.com/jpsim/Yams", from: "6.2.0")],
    targets: [
        .target(name: "ContractGeneration", dependencies: ["Yams"], swiftSettings: strict),
        .executableTarget(
            name: "ContractCommand", dependencies: ["ContractGeneration"], swiftSettings: strict),
    ]
)
