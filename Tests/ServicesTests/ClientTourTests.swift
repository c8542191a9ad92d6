import AsyncHTTPClient
import AsyncHTTPTransport
import ContractKit
import ExactTypes
import Foundation
import GroveTesting
import NotificationsContract
import PortfoliosContract
import SharedTypes
import StrictJSON
import Testing
import URLSessionTransport
import UsersContract

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The README's tour, from register to valuation, by the client of the contracts. Answers are read strictly.
@Suite struct ClientTourTests {
    private func client(
        _ stack: ServiceStack, _ service: ServiceStack.Service, _ transport: some Transport,
        token: String? = nil
    ) -> ContractClient {
        ContractClient(
            baseURL: stack.url(service, ""), transport: transport, rules: .strictAnswer, token: { token })
    }

    @Test func fromRegisterToValuation() async throws {
        try await ServiceStack.with { stack in
            let users = try await stack.start(.users)
            let portfolios = try await stack.start(.portfolios)
            let notifications = try await stack.start(.notifications)
            let http = AsyncHTTPTransport(.shared)
            let session = URLSessionTransport(.shared)

            let open = client(stack, .users, session)
            let account = try await open.send(
                UsersAPI.RegisterUser.self,
                body: .init(email: "ada@example.com", password: "one two three four"))
            #expect(account.body.status == .known(.pendingVerification))
            let tokens = try await open.send(
                UsersAPI.LogIn.self, body: .init(email: "ada@example.com", password: "one two three four"))
            let token = tokens.body.accessToken

            for transport in [http, session] as [any Transport] {
                try await tour(
                    ContractClient(
                        baseURL: stack.url(.portfolios, ""), transport: transport, rules: .strictAnswer,
                        token: { token }))
            }
            try await stream(client(stack, .notifications, http, token: token))
            for process in [users, portfolios, notifications] { process.signal(SIGTERM) }
        }
    }

    private func tour(_ client: ContractClient) async throws {
        let name = UUID().uuidString
        let created = try await client.send(
            PortfoliosAPI.CreatePortfolio.self,
            body: .init(name: name, kind: .brokerage, baseCurrency: .chf))
        let id = created.body.id
        #expect(created.location == "/v1/portfolios/\(id)")
        let file = try Data(
            contentsOf: Repository.root.appending(
                path: "Tests/PortfoliosTests/Fixtures/ghostfolio-export.json"))
        let upload = FileBody(type: "application/json", bytes: Array(file))
        let dry = try await client.send(
            PortfoliosAPI.ImportActivities.self, .init(portfolioID: id, dryRun: true), upload)
        #expect(dry.body.new == 22 && dry.body.rows?.count == 22)
        let imported = try await client.send(
            PortfoliosAPI.ImportActivities.self, .init(portfolioID: id), upload)
        #expect(imported.body.new == 22 && imported.body.rows == nil)

        let holdings = try await client.send(PortfoliosAPI.ListHoldings.self, .init(portfolioID: id)).body
        let microsoft = try #require(holdings.items.first { $0.symbol == "MSFT" })
        #expect(microsoft.averageCost == (try FixedDecimal(parsing: "288.266666666666666667")))
        let valuation = try await client.send(
            PortfoliosAPI.ValuePortfolio.self,
            .init(portfolioID: id, day: try CalendarDay(parsing: "2024-01-31"))
        ).body
        #expect(valuation.holdings.contains { $0.price?.source == .known(.lastTrade) })

        let oversold = await #expect(throws: Problem.self) {
            try await client.send(
                PortfoliosAPI.PostTransaction.self, .init(portfolioID: id),
                .init(
                    type: .sell, executedAt: Date(timeIntervalSince1970: 1_706_781_600),
                    instrument: .init(symbol: "MSFT", source: "YAHOO"), quantity: FixedDecimal(100),
                    unitPrice: FixedDecimal(400)))
        }
        #expect(oversold?.field == "quantity")
        let found = try await client.read(
            PortfoliosAPI.FindPortfolio.self, .init(portfolioID: id), ifNoneMatch: created.etag)
        #expect(found == nil)
        let exported = try await client.send(
            PortfoliosAPI.ExportActivities.self, .init(portfolioID: id, format: .csv))
        #expect(exported.body.mediaType == "text/csv")
    }

    private func stream(_ client: ContractClient) async throws {
        let events = try await client.events(NotificationsAPI.StreamNotifications.self, .init())
        for try await event in events {
            #expect(event.name == "unread")
            break
        }
    }
}
