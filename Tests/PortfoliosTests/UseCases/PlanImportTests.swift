import DatabaseClient
import Dispatch
import EventLog
import ExactTypes
import Foundation
import GroveTesting
import NIOCore
import SharedTypes
import StrictJSON
import Testing

@testable import Portfolios
@testable import ServiceKit

/// An import is planned before its transaction begins, on threads of its own.
@Suite struct PlanImportTests {
    private static let header = "date,type,symbol,quantity,unit_price,currency\n"

    /// More rows than are planned at once where the request runs, in fewer bytes than are read elsewhere.
    private static let longFile =
        header + String(repeating: "2021-01-04,buy,A,1,1,USD\n", count: ActivityImport.shortRows + 10)

    /// Purchases, sales of one unit each, and sales of more than there is.
    private static func file(purchases: Int, impossible: Int) -> String {
        func line(_ minute: Int, _ type: String, _ quantity: Int) -> String {
            "2000-\(10 + minute / 1_440 / 28)-\(1 + minute / 1_440 % 28 < 10 ? "0" : "")\(1 + minute / 1_440 % 28)"
                + "T\(String(format: "%02d:%02d", minute / 60 % 24, minute % 60)):00Z,\(type),H,\(quantity),"
                + "\(1 + minute % 97),USD\n"
        }
        return header
            + (0..<purchases).map { line($0, "buy", 1) }.joined()
            + (0..<purchases).map { line(purchases + $0, "sell", 1) }.joined()
            + (0..<impossible).map { line(2 * purchases + $0, "sell", 999_999) }.joined()
    }

    private func plan(
        _ text: String, _ server: PortfoliosServer, _ portfolio: Portfolio.ID
    ) async throws -> ImportPlan {
        try await HeavyWork(threads: 1).withTurn(for: server.ada.id) { turn in
            try await planImport(
                of: ActivityImport(try ActivityCSV.read(ByteBuffer(string: text))), into: portfolio,
                of: server.ada.id, on: server.database, turn: turn, at: Date())
        }
    }

    private func carryOut(
        _ plan: ImportPlan, _ server: PortfoliosServer, _ portfolio: Portfolio.ID
    ) async throws {
        try await server.database.transaction(as: server.ada.id.uuid) { transaction in
            try await importActivities(
                plan, into: portfolio, events: server.test.events(of: "portfolios"),
                in: OperationContext(user: server.ada.id, transaction: transaction, now: Date()))
        }
    }

    private func id(_ path: String) throws -> Portfolio.ID {
        try #require(Portfolio.ID(String(path.split(separator: "/").last ?? "")))
    }

    @Test(arguments: [CostBasisMethod.fifo, .hifo])
    func allRowsThatTheBooksRefuseAreFound(method: CostBasisMethod) async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio(method: method)
            let answer = try await server.importFile(
                path, Self.file(purchases: 400, impossible: 90), type: "text/csv", query: "?dry_run=true")
            #expect(answer.json["new"] == .number(800) && answer.json["refused"] == .number(90))
            let more = try await server.importFile(
                path, Self.file(purchases: 10, impossible: 300), type: "text/csv")
            // Of more than a hundred, the first hundred are looked for.
            #expect(more.status == 422 && more.json["refused"] == .number(100), "\(more.text.prefix(200))")
            #expect(more.json["row"] == .number(22))
        }
    }

    @Test func rowsThatAreRefusedAreShownUpToAHundred() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let file = Self.header + String(repeating: "2021-01-04,gift,A,1,1,USD\n", count: 150)
            let answer = try await server.importFile(path, file, type: "text/csv")
            #expect(answer.status == 422 && answer.json["refused"] == .number(150))
            #expect(answer.json["rows"]?[99]?["row"] == .number(101))
            #expect(answer.json["rows"]?[100] == nil)
        }
    }

    @Test func aPlanOnOtherBooksIsNotCarriedOut() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let portfolio = try id(path)
            _ = try await server.trade(path, "buy", "2021-01-04", "5", at: "10")
            let sale = Self.header + "2021-02-01,sell,ACME,5,12,USD\n"
            let outdated = try await plan(sale, server, portfolio)
            #expect(outdated.report.faults.isEmpty && outdated.drafts.count == 1)
            let posted = try await server.trade(path, "sell", "2021-01-05", "1", at: "10")
            #expect(posted.status == 201)
            let before = try await server.everything()
            await #expect {
                try await carryOut(outdated, server, portfolio)
            } throws: { error in
                if case PortfoliosError.booksChanged = error { true } else { false }
            }
            #expect(try await server.everything() == before)
            // Made again, the plan says what the new books refuse.
            #expect(try await plan(sale, server, portfolio).report.faults.map(\.column) == ["quantity"])
            let smaller = sale.replacing(",5,12,", with: ",4,12,")
            try await carryOut(try await plan(smaller, server, portfolio), server, portfolio)
            #expect(try await server.holdings(path)["ACME"]?.first == "0")
        }
    }

    @Test func everyWriterRaisesTheRevisionOfTheBooks() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            func revision() async throws -> Int {
                try await server.test.owner.query("SELECT books_revision FROM portfolios.portfolios")[0].int(
                    0)
            }
            #expect(try await revision() == 0)
            let posted = try await server.trade(path, "buy", "2021-01-04", "5", at: "10")
            #expect(try await revision() == 1)
            let corrected = try await server.send(
                "POST", "\(path)/transactions/\(try posted.text("id"))/corrections",
                json: """
                    {"type": "buy", "executed_at": "2021-01-04T12:00:00Z", "quantity": "4", "unit_price": "10",
                     "instrument": {"symbol": "ACME", "currency": "USD"}}
                    """)
            #expect(corrected.status == 201, "\(corrected.text)")
            #expect(try await revision() == 2)
            let id = try #require(corrected.json["transaction"]?["id"]?.string)
            _ = try await server.send("POST", "\(path)/transactions/\(id)/reversals", json: "{}")
            #expect(try await revision() == 3)
            _ = try await server.importFile(
                path, Self.header + "2021-01-04,buy,A,1,1,USD\n", type: "text/csv")
            #expect(try await revision() == 4)
            let file = Self.header + "2021-01-05,buy,A,1,1,USD\n"
            _ = try await server.importFile(path, file, type: "text/csv", query: "?dry_run=true")
            _ = try await server.send("PATCH", path, json: #"{"name": "Other"}"#)
            #expect(try await revision() == 4)
        }
    }

    @Test func aDryRunKeepsNothing() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            let kept = try await server.count("platform.idempotency_keys")
            let file = Self.header + "2021-01-04,buy,A,1,1,USD\n"
            let key = ["Idempotency-Key": "mine"]
            for _ in 0..<2 {
                let answer = try await server.importFile(
                    path, file, type: "text/csv", query: "?dry_run=true", headers: key)
                #expect(answer.status == 200 && answer.headers["idempotency-replayed"] == nil)
            }
            #expect(try await server.count("platform.idempotency_keys") == kept)
            // The key is not used up, and the import takes it; then it is.
            #expect(try await server.importFile(path, file, type: "text/csv", headers: key).status == 200)
            let reused = try await server.importFile(
                path, file, type: "text/csv", query: "?dry_run=true", headers: key)
            #expect(reused.json["type"] == .string("urn:grove:problem:idempotency-key-reused"))
        }
    }

    @Test func whileAnImportWaitsOthersAreServed() async throws {
        let (heavyWork, gate) = (HeavyWork(threads: 1), DispatchSemaphore(value: 0))
        // The import holds no connection meanwhile: there are two.
        try await withPortfolios(connections: 2, heavyWork: heavyWork) { server in
            let path = try await server.portfolio()
            let key = ["Idempotency-Key": "first"]
            let small = Self.header + "2021-01-04,buy,B,1,1,USD\n"
            let first = try await server.importFile(path, small, type: "text/csv", headers: key)
            let blocking = await heavyWork.occupied(until: gate)
            async let long = server.importFile(path, Self.longFile, type: "text/csv")
            while heavyWork.waitingCount == 0 { await Task.yield() }
            #expect(try await server.server.send("GET", "/healthz").status == 200)
            let eves = try await server.send(
                "POST", "/v1/portfolios", as: server.eve,
                json: #"{"name": "Hers", "kind": "brokerage", "base_currency": "USD"}"#)
            #expect(eves.status == 201, "\(eves.text)")
            // A file that is short needs no thread, and a repetition plans nothing.
            let other = try await server.portfolio("Other")
            #expect(try await server.importFile(other, small, type: "text/csv").status == 200)
            let again = try await server.importFile(path, small, type: "text/csv", headers: key)
            #expect(again.text == first.text && again.headers["idempotency-replayed"] == "true")
            gate.signal()
            #expect(try await long.json["new"] == .number(Decimal(ActivityImport.shortRows + 10)))
            try await blocking.value
        }
    }

    /// Has the first attempts to change the books of any portfolio find them changed, and counts the attempts.
    private func disturb(_ server: PortfoliosServer, first count: Int) async throws {
        for statement in [
            "CREATE SEQUENCE public.attempts",
            """
            CREATE FUNCTION public.disturb() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
            BEGIN
                IF nextval('public.attempts') <= \(count) THEN
                    NEW.books_revision := NEW.books_revision + 1;
                END IF;
                RETURN NEW;
            END $$
            """,
            """
            CREATE TRIGGER disturb BEFORE UPDATE OF books_revision ON portfolios.portfolios
            FOR EACH ROW EXECUTE FUNCTION public.disturb()
            """,
        ] { _ = try await server.test.owner.query(statement) }
    }

    @Test(arguments: [2, 3])
    func anImportIsPlannedThreeTimesAtMostWhereTheBooksChange(changes: Int) async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            try await disturb(server, first: changes)
            let answer = try await server.importFile(
                path, Self.header + "2021-01-04,buy,A,1,1,USD\n", type: "text/csv")
            #expect(answer.status == (changes < 3 ? 200 : 409), "\(answer.text.prefix(300))")
            if changes == 3 {
                #expect(answer.json["type"] == .string("urn:grove:problem:books-changed"))
                #expect(answer.headers["retry-after"] == "1")
            }
            #expect(
                try await server.test.owner.query("SELECT last_value FROM public.attempts")[0].int(0) == 3)
            #expect(try await server.count("portfolios.transactions") == (changes < 3 ? 1 : 0))
        }
    }

    @Test func anImportEndsWhenItsClientHasGone() async throws {
        let (heavyWork, gate) = (HeavyWork(threads: 1), DispatchSemaphore(value: 0))
        try await withPortfolios(heavyWork: heavyWork) { server in
            let path = try await server.portfolio()
            let blocking = await heavyWork.occupied(until: gate)
            let leaving = Task { try await server.importFile(path, Self.longFile, type: "text/csv") }
            while heavyWork.waitingCount == 0 { await Task.yield() }
            // The client library closes the connection of a request that is cancelled.
            leaving.cancel()
            while heavyWork.waitingCount > 0 { await Task.yield() }
            gate.signal()
            try await blocking.value
            #expect(try await server.count("portfolios.transactions") == 0)
        }
    }

    @Test func aPortfolioThatIsTooLargeIsRefusedByItsLimit() async throws {
        try await withPortfolios { server in
            let path = try await server.portfolio()
            _ = try await server.test.owner.query(
                """
                INSERT INTO portfolios.transactions (user_id, id, portfolio_id, type, status, gross_amount, currency,
                    executed_at, created_at, updated_at)
                SELECT user_id, gen_random_uuid(), id, 'interest', 'completed', 1, 'USD', now(), now(), now()
                FROM portfolios.portfolios, generate_series(1, \(ImportedBooks.maximumTransactions))
                """)
            let answer = try await server.importFile(
                path, Self.header + "2021-01-04,buy,A,1,1,USD\n", type: "text/csv")
            #expect(answer.status == 422 && answer.json["field"] == .string("body"))
            #expect(answer.json["detail"]?.string?.contains("200000 transactions") == true)
        }
    }
}
