extension PlantedFile {
    private static let portfolios = "Packages/Portfolios/Sources/Portfolios/"
    private static let market = "Packages/Market/Sources/Market/"

    static let contexts = roomNames + useCases + routes + rows

    private static let roomNames = [
        violation(.contextsHaveTheSameRooms, "\(portfolios)Formats/Planted.swift", "enum Planted {}"),
        violation(.contextsHaveTheSameRooms, "\(market)Planted.swift", "enum Planted {}"),
        violation(.contextsHaveTheSameRooms, "Packages/Loans/Sources/Loans/Models/Planted.swift", ""),
        innocent(.contextsHaveTheSameRooms, "\(portfolios)Clients/Brokers/Planted.swift", "enum Planted {}"),
        innocent(.contextsHaveTheSameRooms, "\(market)MarketModule+Planted.swift", ""),
        innocent(.contextsHaveTheSameRooms, "Packages/ServiceKit/Sources/ServiceKit/Any/Planted.swift", ""),
    ]

    private static let useCases = [
        violation(
            .useCasesAreNamedAfterTheirFile, "\(portfolios)UseCases/PlantedValue.swift",
            "struct PlantedValue: Sendable {}"),
        violation(
            .useCasesAreNamedAfterTheirFile, "\(portfolios)UseCases/PlantTree.swift",
            "public final class Tree {}\nfunc plantTrees() {}"),
        innocent(
            .useCasesAreNamedAfterTheirFile, "\(portfolios)UseCases/PlantTree.swift",
            "struct Tree {}\nfunc plantTree(_ tree: Tree) {}"),
        innocent(
            .useCasesAreNamedAfterTheirFile, "\(portfolios)UseCases/Tree+Row.swift", "extension Tree {}"),
    ]

    private static let routes = [
        violation(
            .routesCallNoStatement, "\(portfolios)Routes/Planted.swift",
            "let rows = try await database.acting(as: user).listGains(userID: user)"),
        innocent(
            .routesCallNoStatement, "\(portfolios)Routes/Planted.swift",
            "let rows = try await Portfolios.listGains(of: user)\nlet page = try await listLots(of: user)"),
        innocent(
            .routesCallNoStatement, "\(portfolios)UseCases/ListPlants.swift",
            "let rows = try await database.listGains(userID: user)"),
    ]

    private static let rows = [
        violation(
            .generatedRowsAreNoAnswers, "\(market)Generated/Planted.swift",
            "struct PlantedRow: Sendable, Hashable, Codable {}"),
        violation(
            .generatedRowsAreNoAnswers, "\(market)Routes/Planted.swift",
            "extension ListPriceBarsRow: Encodable {}"),
        innocent(
            .generatedRowsAreNoAnswers, "\(market)Routes/Planted.swift",
            "struct PlantedAnswer: Encodable { init(_ row: ListPriceBarsRow) {} }"),
    ]
}
