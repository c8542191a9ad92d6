// swift-tools-version: 6.1
import PackageDescription

/// With GROVE_FUZZ, as scripts/fuzz builds, the fuzzer sees which branches a text takes.
let strict: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (Context.environment["GROVE_FUZZ"] == nil ? [] : [.unsafeFlags(["-sanitize=fuzzer"])])

let package = Package(
    name: "TabularText",
    products: [.library(name: "TabularText", targets: ["TabularText"])],
    dependencies: [.package(path: "../ExactTypes")],
    targets: [.target(name: "TabularText", dependencies: ["ExactTypes"], swiftSettings: strict)]
)
