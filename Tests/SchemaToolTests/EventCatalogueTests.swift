import Foundation
import SchemaAnalysis
import SwiftGeneration
import Testing

/// The catalogue of events, of a repository that is made for it.
@Suite struct EventCatalogueTests {
    private func catalogue(_ files: [String: String]) throws -> EventCatalogue? {
        let root = FileManager.default.temporaryDirectory.appending(path: "events-\(UUID())")
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in files {
            let file = root.appending(path: "Packages/\(path)")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        return try EventCatalogue(repository: root.path)
    }

    private static let event = """
        /// A basket was bought
        /// in whole.
        public struct BasketBought: DomainEvent {
            public static let type = "basket.bought"
            public static let version = 2
            public var key: String { basketID.description }
            public var occurredAt: Date { boughtAt }

            /// Which one.
            public let basketID: Basket.ID
            public let boughtAt: Date

            public init(basketID: Basket.ID, boughtAt: Date) {
                self.basketID = basketID
                self.boughtAt = boughtAt
            }
        }
        """

    @Test func saysWhoSendsWhoListensAndWhatItCarries() throws {
        let catalogue = try catalogue([
            "SharedTypes/Sources/SharedTypes/Events/BasketEvents.swift": Self.event,
            "Portfolios/Sources/Portfolios/UseCases/Buy.swift":
                "try await events.append(BasketBought(basketID: id, boughtAt: now), in: context)",
            "Market/Sources/Market/Tell.swift": "let other = NotABasketBought(1) // BasketBought(",
            "Gamification/Sources/Gamification/Consumers/On.swift":
                #"EventConsumer("gamification.quests").on(BasketBought.self) { _, _, _ in }"#,
            "Loans/Sources/Loans/Codable.swift": "decode(BasketBought.self)",
        ])
        let text = try #require(catalogue).text
        #expect(try #require(catalogue).faults.isEmpty)
        #expect(
            try #require(catalogue).rights
                == EventRights(
                    appended: ["portfolios": ["basket.bought"]], read: ["gamification": ["basket.bought"]]))
        #expect(
            text.contains(
                "| [`basket.bought`](#basketbought) | 2 | Portfolios | `gamification.quests` |"), "\(text)")
        #expect(
            text.contains(
                "A basket was bought in whole. In Swift `BasketBought`; natural key `basketID.description`; "
                    + "it happened at `boughtAt`."), "\(text)")
        #expect(text.contains("| `basket_id` | `Basket.ID` | Which one. |"), "\(text)")
        #expect(text.contains("| `bought_at` | `Date` |  |"), "\(text)")
    }

    @Test func anEventThatNobodySendsIsAFault() throws {
        let catalogue = try catalogue([
            "SharedTypes/Sources/SharedTypes/Events/BasketEvents.swift": Self.event,
            "Market/Sources/Market/Market.swift": "",
        ])
        #expect(catalogue?.faults == ["Nobody sends BasketBought: remove it, or append it."])
    }

    @Test func aFormThatItCannotReadIsAFault() throws {
        let catalogue = try catalogue([
            "SharedTypes/Sources/SharedTypes/Events/BasketEvents.swift":
                Self.event.replacing("let version = 2", with: "let version = two"),
            "Portfolios/Sources/Portfolios/Buy.swift": "BasketBought(",
        ])
        #expect(catalogue?.faults.count == 1 && catalogue?.faults.first?.contains("version") == true)
    }

    @Test func aRepositoryWithoutEventsHasNone() throws {
        #expect(try catalogue(["Market/README.md": ""]) == nil)
    }
}
