// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "TabularText",
    products: [.library(name: "TabularText", targets: ["TabularText"])],
    targets: [.target(name: "TabularText", swiftSettings: strict)]
)
