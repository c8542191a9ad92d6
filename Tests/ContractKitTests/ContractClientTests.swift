import ContractKit
import ExactTypes
import Foundation
import NotificationsContract
import PortfoliosContract
import SharedTypes
import StrictJSON
import Synchronization
import Testing
import UsersContract

struct ContractClientTests {
    private static let id = "0191a000-0000-7000-8000-000000000001"
    private static let portfolio = """
        {"id":"\(id)","name":"A","kind":"crypto","base_currency":"CHF","cost_basis_method":"fifo",\
        "tracks_cash":false,"created_at":"2024-01-01T00:00:00Z","updated_at":"2024-01-01T00:00:00Z","revision":3}
        """

    private func answer(
        _ status: Int, _ body: String? = nil, _ headers: [(name: String, value: String)] = []
    ) -> Result<Answer, ScriptedTransport.Broken> {
        .success(
            Answer(
                status: status, headers: headers,
                content: body.map { Content(type: "application/json", bytes: Array($0.utf8)) }))
    }

    private func client(
        _ transport: ScriptedTransport, waits: Waits = Waits()
    ) -> ContractClient {
        ContractClient(
            baseURL: "https://grove.example/", transport: transport, wait: { waits.add($0) },
            token: { "token" })
    }

    private final class Waits: Sendable {
        private let durations = Mutex<[Duration]>([])
        var all: [Duration] { durations.withLock { $0 } }
        func add(_ duration: Duration) { durations.withLock { $0.append(duration) } }
    }

    private let created: [(name: String, value: String)] = [
        ("Location", "/v1/portfolios/x"), ("etag", "\"3\""),
    ]

    private var newPortfolio: PortfoliosAPI.CreatePortfolio.Body {
        .init(name: "A", kind: .crypto, baseCurrency: .chf)
    }

    @Test func aWriteThatGotNoAnswerIsSentAgainWithItsKey() async throws {
        let busy = #"{"type":"urn:grove:problem:busy","title":"Busy","status":503}"#
        let transport = ScriptedTransport([
            .failure(.init()), answer(503, busy, [("Retry-After", "7")]),
            answer(201, Self.portfolio, created),
        ])
        let waits = Waits()
        let output = try await client(transport, waits: waits).send(
            PortfoliosAPI.CreatePortfolio.self, body: newPortfolio)
        #expect(output.body.name == "A")
        #expect(output.body.kind == .known(.crypto))
        #expect(output.etag == ETag(revision: 3))
        let keys = transport.sent.map { $0.headers.filter { $0.name == "Idempotency-Key" }.map(\.value) }
        #expect(keys.count == 3 && Set(keys).count == 1 && keys.allSatisfy { $0.count == 1 })
        #expect(waits.all == [.milliseconds(200), .seconds(7)])
        #expect(transport.sent.allSatisfy { $0.url == "https://grove.example/v1/portfolios" })
        #expect(transport.sent.allSatisfy { $0.headers.contains { $0 == ("Authorization", "Bearer token") } })
    }

    @Test func aKeyOfYourOwnIsSentAsItIs() async throws {
        let transport = ScriptedTransport([answer(201, Self.portfolio, created)])
        let key = try #require(IdempotencyKey("mine"))
        _ = try await client(transport).send(
            PortfoliosAPI.CreatePortfolio.self, body: newPortfolio, key: key)
        #expect(transport.sent.first?.headers.contains { $0 == ("Idempotency-Key", "mine") } == true)
    }

    @Test func aProblemIsThrownWithItsField() async throws {
        let problem = """
            {"type":"urn:grove:problem:invalid-field","title":"T","status":422,"detail":"name must not be blank.",\
            "field":"name","request_id":"r1","extra":1}
            """
        let transport = ScriptedTransport([answer(422, problem)])
        let thrown = await #expect(throws: Problem.self) {
            try await client(transport).send(PortfoliosAPI.CreatePortfolio.self, body: newPortfolio)
        }
        #expect(thrown?.slug == "invalid-field")
        #expect(thrown?.field == "name")
        #expect(thrown?.requestID == "r1")
        #expect(thrown?.extensions == ["extra": .number(1)])
    }

    @Test func whatIsNoProblemDocumentIsOneOfItsStatus() async throws {
        let transport = ScriptedTransport([answer(502, "<html>")])
        let thrown = await #expect(throws: Problem.self) {
            try await client(transport).send(PortfoliosAPI.CreatePortfolio.self, body: newPortfolio)
        }
        #expect(thrown?.status == 502)
        #expect(transport.sent.count == 1)
    }

    @Test func aChangeIsSentOnce() async throws {
        let transport = ScriptedTransport([.failure(.init()), answer(200, Self.portfolio, created)])
        let parameters = PortfoliosAPI.RenamePortfolio.Parameters(
            portfolioID: try #require(Portfolio.ID(Self.id)))
        await #expect(throws: ScriptedTransport.Broken.self) {
            try await client(transport).send(
                PortfoliosAPI.RenamePortfolio.self, parameters, .init(name: "B"),
                ifMatch: ETag(revision: 2))
        }
        #expect(transport.sent.count == 1)
        #expect(transport.sent.first?.headers.contains { $0 == ("If-Match", "\"2\"") } == true)
        #expect(transport.sent.first?.bytes == Array(#"{"name":"B"}"#.utf8))
    }

    @Test func whatIsUnchangedIsNotReadAgain() async throws {
        let transport = ScriptedTransport([
            answer(304, nil, created), answer(200, Self.portfolio, created),
        ])
        let parameters = PortfoliosAPI.FindPortfolio.Parameters(
            portfolioID: try #require(Portfolio.ID(Self.id)))
        let client = client(transport)
        let tag = ETag(revision: 3)
        #expect(
            try await client.read(PortfoliosAPI.FindPortfolio.self, parameters, ifNoneMatch: tag) == nil)
        #expect(
            try await client.read(PortfoliosAPI.FindPortfolio.self, parameters, ifNoneMatch: tag)?.etag == tag
        )
    }

    @Test func anOperationForAllCarriesNoToken() async throws {
        let transport = ScriptedTransport([answer(202)])
        _ = try await client(transport).send(
            UsersAPI.RequestPasswordReset.self, body: .init(email: "a@example.com"))
        #expect(transport.sent.first?.headers.contains { $0.name == "Authorization" } == false)
    }

    @Test func aStreamGivesItsEvents() async throws {
        let stream =
            ": hello\r\n\r\nevent: unread\ndata: {\"unread\":3}\n\nid: 7\rdata: a\rdata:b\r\rdata: lost"
        let transport = ScriptedTransport([answer(200, stream)])
        let events = try await client(transport).events(NotificationsAPI.StreamNotifications.self, .init())
        var read: [ServerSentEvent] = []
        for try await event in events { read.append(event) }
        #expect(
            read == [
                ServerSentEvent(id: nil, name: "unread", data: #"{"unread":3}"#),
                ServerSentEvent(id: "7", name: "message", data: "a\nb"),
            ])
    }

    @Test func theDataOfAnEventIsATypeOfTheContract() throws {
        let event = ServerSentEvent(id: nil, name: "unread", data: #"{"unread":3,"later":true}"#)
        #expect(try event.value(as: NotificationsAPI.Unread.self) == NotificationsAPI.Unread(unread: 3))
        #expect(throws: FieldError(field: "later", reason: "is not a known field")) {
            try event.value(as: NotificationsAPI.Unread.self, .strictAnswer)
        }
        #expect(throws: FieldError.self) {
            try ServerSentEvent(id: nil, name: "unread", data: "three").value(
                as: NotificationsAPI.Unread.self)
        }
    }

    @Test func pagesAreAskedForOneAfterTheOther() async throws {
        func page(_ name: String, next: String?) -> String {
            let item = Self.portfolio.replacing(#""name":"A""#, with: #""name":"\#(name)""#)
            return #"{"items":[\#(item)],"next":\#(next.map { #""\#($0)""# } ?? "null")}"#
        }
        let refusal = #"{"type":"urn:grove:problem:not-found","title":"T","status":404}"#
        let transport = ScriptedTransport([
            answer(200, page("A", next: "a b")), answer(200, page("B", next: nil)),
            answer(200, page("A", next: "c")), answer(404, refusal),
        ])
        let list = client(transport).pages(
            PortfoliosAPI.ListPortfolios.self, .init(limit: 1, includeArchived: true))
        var names: [String] = []
        for try await page in list { names += page.body.items.map(\.name) }
        #expect(names == ["A", "B"])
        let base = "https://grove.example/v1/portfolios?"
        #expect(
            transport.sent.map(\.url) == [
                base + "limit=1&include_archived=true", base + "after=a%20b&limit=1&include_archived=true",
            ])
        // What is refused ends the list, and is not asked for again.
        var pages = list.makeAsyncIterator()
        _ = try await pages.next()
        await #expect(throws: Problem.self) { try await pages.next() }
        #expect(try await pages.next() == nil)
        #expect(transport.sent.count == 4)
    }

    @Test func aRefusedStreamIsAProblem() async throws {
        let problem = #"{"type":"urn:grove:problem:too-many-streams","title":"T","status":429}"#
        let transport = ScriptedTransport([answer(429, problem)])
        let thrown = await #expect(throws: Problem.self) {
            try await client(transport).events(NotificationsAPI.StreamNotifications.self, .init())
        }
        #expect(thrown?.slug == "too-many-streams")
    }
}
