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
    name: "Mail",
    products: [.library(name: "Mail", targets: ["Mail"])],
    dependencies: [
        .package(path: "../ExactTypes"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),
        .target(
            name: "Mail",
            dependencies: ["ExactTypes", "CCurl", .product(name: "NIOPosix", package: "swift-nio")],
            swiftSettings: strict),
    ]
)
