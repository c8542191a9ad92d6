import DatabaseClient
import DatabaseTesting
import ExactTypes
import Foundation
import Logging
import SharedTypes
import SwiftGeneration
import Testing

/// Swift that was generated from `Shop`, compiled with this target and run against PostgreSQL.
struct GeneratedQueriesTests {
    private static let shop = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Shop").path

    @Test func whatIsCompiledHereIsWhatIsGenerated() async throws {
        let server = try await TestCluster.shared.connectionString(database: "postgres")
        let outcome = try await RepositoryGeneration(repository: Self.shop, isCheck: true).run(server: server)
        #expect(outcome.isClean && outcome.warnings.isEmpty, "\(outcome)")
        #expect(outcome.changes.isEmpty, "schema generate --repository \(Self.shop)")
    }

    /// Every combination of options and orders gives what Swift finds in the same rows.
    @Test func optionalPartsFilterAndOrdersSort() async throws {
        try await withShop { database in
            let items = try Self.items(300)
            _ = try await database.copyItems(Self.sequence(of: items))
            let since = try CalendarDay(daysSince1970: 20_000)
            for kind in [nil, "tool", "toy", "none"] {
                let count = try await database.countItems(kind: kind)
                #expect(count == items.count { kind == nil || $0.kind == kind })
                for highest in [nil, try FixedDecimal(parsing: "50")] {
                    for order in ListItemsOrder.allCases {
                        let found = try await database.listItems(
                            since: since, kind: kind, highest: highest, after: nil, rowLimit: 1_000,
                            order: order)
                        let expected = items.filter { item in
                            item.addedOn >= since && (kind == nil || item.kind == kind)
                                && (highest.map { item.price <= $0 } ?? true)
                        }.sorted { ($0.addedOn, $0.id) < ($1.addedOn, $1.id) }
                        #expect(
                            found.map(\.id) == (order == .oldest ? expected : expected.reversed()).map(\.id))
                    }
                }
            }
        }
    }

    /// A cursor of two parameters, which changes its direction with the order.
    @Test func pagesMeetEveryRowOnce() async throws {
        try await withShop { database in
            let items = try Self.items(101)
            _ = try await database.copyItems(Self.sequence(of: items))
            for order in ListItemsOrder.allCases {
                var after: (day: CalendarDay, id: Int)?
                var seen: [Int] = []
                while true {
                    let page = try await database.listItems(
                        since: try CalendarDay(daysSince1970: 0), kind: nil, highest: nil, after: after,
                        rowLimit: 7, order: order)
                    guard let last = page.last else { break }
                    seen += page.map(\.id)
                    after = (last.addedOn, last.id)
                }
                let sorted = items.sorted { ($0.addedOn, $0.id) < ($1.addedOn, $1.id) }.map(\.id)
                #expect(seen == (order == .oldest ? sorted : sorted.reversed()))
            }
        }
    }

    @Test func aJoinThatFindsNothingIsNil() async throws {
        try await withShop { database in
            let prices = try ["1", "2", "3"].map { try FixedDecimal(parsing: $0) }
            let items = zip(1..., prices).map {
                NewItem(id: $0, name: "item \($0)", price: $1, note: nil, grade: nil)
            }
            let inserted = try await database.insertItems(
                items, kind: "tool", day: try CalendarDay(daysSince1970: 20_000))
            #expect(inserted == 3)
            try await database.stockItem(itemID: 1, quantity: 5, shelf: "left")
            try await database.stockItem(itemID: 2, quantity: 0, shelf: nil)
            let stock = try await database.listStock()
            #expect(
                stock.map(\.stock) == [
                    .init(itemID: 1, quantity: 5, shelf: "left"), .init(itemID: 2, quantity: 0, shelf: nil),
                    nil,
                ])
            // An inner join's struct is always there: no question mark to write.
            let shelves = try await database.listShelves()
            #expect(shelves.map(\.item.id) == [1, 2])
        }
    }

    /// Structs go in and arrays come out, with nil where there is NULL.
    @Test func arraysHoldNilAndEnums() async throws {
        try await withShop { database in
            let one = try FixedDecimal(parsing: "0.000000000000000001")
            let day = try CalendarDay(daysSince1970: 20_000)
            let items = [
                NewItem(id: 1, name: "a", price: one, note: "", grade: .used),
                NewItem(id: 2, name: "b", price: -one, note: nil, grade: nil),
                NewItem(id: 3, name: "c", price: .zero, note: "NULL", grade: .new),
            ]
            let counts = [
                try await database.insertItems(items, kind: "tool", day: day),
                try await database.insertItems([], kind: "tool", day: day),
            ]
            #expect(counts == [3, 0])
            try await database.stockItem(itemID: 3, quantity: 7, shelf: nil)
            let kinds = try await database.listKinds()
            let kind = try #require(kinds.first)
            #expect(kinds.count == 1 && kind.names == ["a", "b", "c"])
            #expect(kind.prices == [one, -one, .zero])
            #expect(kind.notes == ["", nil, "NULL"])
            #expect(kind.grades == [.used, nil, .new])
            #expect(kind.quantities == [nil, nil, 7])
            #expect(kind.days == [day, day, day])
        }
    }

    @Test func copiesAndStreams() async throws {
        try await withShop { database in
            let items = try Self.items(5_000)
            let copied = try await database.transaction { try await $0.copyItems(Self.sequence(of: items)) }
            #expect(copied == 5_000)
            var names: [String] = []
            for try await name in try database.streamNames() { names.append(name) }
            #expect(names == items.map(\.name))
            var tools: [Int] = []
            for try await item in try database.streamItems(kind: "tool") {
                tools.append(item.id)
                if tools.count == 700 { break }
            }
            #expect(tools == Array(items.filter { $0.kind == "tool" }.map(\.id).prefix(700)))
            let back = try await database.listItems(
                since: try CalendarDay(daysSince1970: 0), kind: nil, highest: nil, after: nil,
                rowLimit: 10_000, order: .oldest)
            #expect(Set(back.map(\.note)) == Set(items.map(\.note)))
            #expect(
                back.reduce(into: 0) { $0 += $1.price.units }
                    == items.reduce(into: 0) { $0 += $1.price.units })
        }
    }

    private static func items(_ count: Int) throws -> [CopyItemsRow] {
        try (1...count).map { id in
            CopyItemsRow(
                id: id, name: "item \(id)",
                price: try FixedDecimal(units: Int128(id * 7_919 % 100 * 100_000_000)),
                kind: id % 3 == 0 ? "toy" : "tool", note: id % 5 == 0 ? nil : "note \(id % 4)",
                addedOn: try CalendarDay(daysSince1970: Int32(19_990 + id * 31 % 23)))
        }
    }

    private static func sequence(of items: [CopyItemsRow]) -> AsyncStream<CopyItemsRow> {
        AsyncStream { continuation in
            for item in items { continuation.yield(item) }
            continuation.finish()
        }
    }

    private func withShop(_ body: (Database) async throws -> Void) async throws {
        let cluster = try await TestCluster.shared
        let template = try await cluster.template(named: "shop") { connection in
            let path = "\(Self.shop)/migrations/20260101000000_shop.up.sql"
            try await connection.script(String(contentsOfFile: path, encoding: .utf8))
        }
        try await cluster.withDatabase(fromTemplate: template) { name in
            let database = Database(
                DatabaseConfiguration(connectionString: cluster.connectionString(database: name)),
                logger: Logger(label: "test"))
            do { try await body(database) } catch {
                await database.close()
                throw error
            }
            await database.close()
        }
    }
}
