import DatabaseClient
import Dispatch
import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Synchronization
import Testing

@testable import Portfolios
@testable import ServiceKit

/// What large uploads, valuations and exports hold while they wait.
@Suite struct HeavyRoutesTests {
    /// More than the sockets take that nobody reads. What it says is refused by its first line.
    private static let body = "nonsense\n" + String(repeating: "\n", count: 16_000_000)

    /// Uploads a file on a connection of its own, and gives the status.
    ///
    /// - Parameter held: how many files were sent to their end and are not answered.
    private static func upload(to path: String, of server: PortfoliosServer, _ held: Held) async throws -> Int
    {
        let port = try #require(URL(string: server.server.url)?.port)
        let head = """
            POST \(path)/imports HTTP/1.1\r
            Host: test\r
            Authorization: Bearer \(server.ada.token)\r
            Idempotency-Key: \(UUID().uuidString)\r
            Content-Type: text/csv\r
            Content-Length: \(body.utf8.count)\r
            \r

            """
        return try await onThread {
            let connection = try RawConnection(port: port)
            try connection.send(head)
            try connection.send(body)
            held.count.add(1, ordering: .relaxed)
            defer { held.count.subtract(1, ordering: .relaxed) }
            return try connection.answer().status
        }
    }

    private final class Held: Sendable {
        let count = Atomic(0)
    }

    @Test func ofManyUploadsOfOnePersonOneIsInMemory() async throws {
        let (heavyWork, gate) = (HeavyWork(threads: 1), DispatchSemaphore(value: 0))
        try await withPortfolios(heavyWork: heavyWork) { server in
            let (path, held) = (try await server.portfolio(), Held())
            let blocking = await heavyWork.occupied(until: gate)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 { group.addTask { try await Self.upload(to: path, of: server, held) } }
                // Those that are refused have their answer before the body, which is passed over as it comes.
                for _ in HeavyWork.maximumPerUser..<20 { #expect(try await group.next() == 429) }
                // One waits for the thread with its file, the others for their turn, with none that was read.
                while heavyWork.waitingCount < HeavyWork.maximumPerUser { await Task.yield() }
                while held.count.load(ordering: .relaxed) == 0 { await Task.yield() }
                #expect(held.count.load(ordering: .relaxed) == 1)
                gate.signal()
                for try await status in group { #expect(status == 422) }
            }
            try await blocking.value
        }
    }

    @Test(arguments: ["valuation", "export?format=csv"])
    func whatWaitsForAThreadHasLoadedNothing(route: String) async throws {
        let (heavyWork, gate) = (HeavyWork(threads: 1), DispatchSemaphore(value: 0))
        try await withPortfolios(heavyWork: heavyWork) { server in
            let path = try await server.portfolio()
            _ = try await server.trade(path, "buy", "2021-01-01", "1", at: "10")
            _ = try await server.test.owner.query(
                """
                INSERT INTO portfolios.transactions (user_id, id, portfolio_id, type, status, gross_amount, currency,
                    executed_at, created_at, updated_at)
                SELECT user_id, gen_random_uuid(), id, 'interest', 'completed', 1, 'USD', '2021-01-01', now(), now()
                FROM portfolios.portfolios, generate_series(1, \(PortfolioHistory.shortSteps))
                """)
            let blocking = await heavyWork.occupied(until: gate)
            async let answer = server.send("GET", "\(path)/\(route)")
            while heavyWork.waitingCount == 0 { await Task.yield() }
            #expect(
                try await server.count(
                    """
                    pg_stat_activity WHERE usename = 'portfolios_service' AND datname = current_database()
                        AND xact_start IS NOT NULL
                    """) == 0)
            // What is posted now is in the answer.
            _ = try await server.trade(path, "buy", "2021-01-02", "7", at: "10")
            gate.signal()
            let text = try await answer.text
            #expect(
                text.contains(route == "valuation" ? #""quantity":"8""# : "2021-01-02T12:00:00"),
                "\(text.suffix(500))")
            try await blocking.value
        }
    }

    @Test func aReplayOfManyRestatementsIsLong() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            _ = try await server.trade(path, "buy", "2021-01-01", "1", at: "10")
            _ = try await server.test.owner.query(
                "UPDATE portfolios.portfolio_holdings SET lot_restatements = 5000")
            let id = try #require(Portfolio.ID(String(path.split(separator: "/").last ?? "")))
            let steps = try await PortfolioHistory.steps(
                of: id, of: server.ada.id, on: server.database.acting(as: server.ada.id.uuid))
            #expect(steps == 5_001)
        }
    }
}
