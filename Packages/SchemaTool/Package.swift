// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "SchemaTool",
    products: [
        .library(name: "Migrations", targets: ["Migrations"]),
        .library(name: "SchemaAnalysis", targets: ["SchemaAnalysis"]),
        .library(name: "SwiftGeneration", targets: ["SwiftGeneration"]),
        .library(name: "MigrationLint", targets: ["MigrationLint"]),
    ],
    dependencies: [
        .package(path: "../DatabaseClient"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    ],
    targets: [
        .target(
            name: "Migrations",
            dependencies: [
                .product(name: "DatabaseClient", package: "DatabaseClient"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .target(
            name: "MigrationLint",
            dependencies: [
                "Migrations", "SchemaAnalysis",
                .product(name: "DatabaseClient", package: "DatabaseClient"),
            ],
            swiftSettings: strict),
        .target(
            name: "SchemaAnalysis",
            dependencies: ["Migrations", .product(name: "DatabaseClient", package: "DatabaseClient")],
            swiftSettings: strict),
        .target(
            name: "SwiftGeneration",
            dependencies: [
                "SchemaAnalysis", "Migrations", "Yams", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "DatabaseClient", package: "DatabaseClient"),
            ],
            swiftSettings: strict),
    ]
)
