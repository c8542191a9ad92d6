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
    name: "ExactTypes",
    // Int128 came with these systems.
    platforms: [.macOS(.v15), .iOS(.v18)],
    products: [.library(name: "ExactTypes", targets: ["ExactTypes"])],
    targets: [.target(name: "ExactTypes", swiftSettings: strict)]
)
