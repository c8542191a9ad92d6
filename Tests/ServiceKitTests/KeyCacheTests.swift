import ContractKit
import Foundation
import Hummingbird
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@testable import ServiceKit

/// Users' address answers with whatever the test says, over a real socket.
@Suite struct KeyCacheTests {
    private let first = TestKeys(keyID: "first")
    private let second = TestKeys(keyID: "second")

    private struct Fixture: Sendable {
        let verifier: TokenVerifier
        let users: UsersDouble
        let log: RecordingLog

        /// Fetches, and waits until a warning says this.
        func fetch(untilWarned text: String) async throws {
            await verifier.fetch()
            while !log.lines.contains(where: { $0.hasPrefix("warning") && $0.contains(text) }) {
                try await Task.sleep(for: .milliseconds(5))
            }
        }

        func accepts(_ keys: TestKeys) async throws -> Bool {
            let token = try await keys.token(keys.claims())
            return (try? await verifier.principal(of: token)) != nil
        }
    }

    private func withUsers(
        cacheFile: URL, _ body: @escaping @Sendable (Fixture) async throws -> Void
    ) async throws {
        let users = UsersDouble()
        let application = ServiceApplication(
            name: "users", configuration: .forTests, modules: [users], databases: [],
            verifier: first.verifier(), logger: Logger(label: "test"))
        try await application.serve { port in
            let log = RecordingLog()
            let verifier = TokenVerifier(
                source: .remote(
                    url: "http://127.0.0.1:\(port)/.well-known/jwks.json", cacheFile: cacheFile.path),
                issuer: "grove", audience: "grove", now: { TestKeys.now }, logger: log.logger)
            try await body(Fixture(verifier: verifier, users: users, log: log))
        }
    }

    private func withFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "grove-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder)
    }

    @Test func aCacheThatCannotBeWrittenKeepsNoKeyFromBeingKnown() async throws {
        try await withFolder { folder in
            // A file stands where the folder would have to be, which stops root too.
            try Data().write(to: folder.appending(path: "file"))
            let file = folder.appending(path: "file/jwks.json")
            try await withUsers(cacheFile: file) { [first, second] fixture in
                fixture.users.answer(.document(first.document))
                try #require(try await fixture.accepts(first))
                // The rotation is learnt too, though the cache was never written.
                fixture.users.answer(.document(second.document))
                try await fixture.fetch(untilWarned: "cache")
                try #require(try await fixture.accepts(second))
                #expect(try await !fixture.accepts(first))
                let warning = fixture.log.lines.first { $0.contains("cache") }
                #expect(warning?.contains(file.path) == true)
                #expect(!fixture.log.lines.contains { $0.contains("fetched") })
            }
        }
    }

    @Test(arguments: UsersDouble.Answer.unusable)
    func anUnusableDocumentReplacesNeitherTheKeysNorTheCache(_ answer: UsersDouble.Answer) async throws {
        try await withFolder { folder in
            let file = folder.appending(path: "jwks.json")
            try await withUsers(cacheFile: file) { [first] fixture in
                fixture.users.answer(.document(first.document))
                try #require(try await fixture.accepts(first))
                while (try? String(contentsOf: file, encoding: .utf8)) != first.document {
                    try await Task.sleep(for: .milliseconds(5))
                }
                fixture.users.answer(answer)
                try await fixture.fetch(untilWarned: "The token keys")
                try #require(try await fixture.accepts(first))
                #expect(try String(contentsOf: file, encoding: .utf8) == first.document)
            }
        }
    }

    @Test func oneBrokenKeyTakesNoOtherWithIt() async throws {
        let good = first.document.dropLast(2)
        let document = """
            \(good),{"kty":"EC","crv":"P-256","kid":"broken","x":"AA","y":"AA"},{"kty":"OKP","crv":"Ed25519","kid":"e","x":"AA"}]}
            """
        let verifier = first.verifier(source: .inProcess { document })
        let token = try await first.token(first.claims())
        _ = try await verifier.principal(of: token)
        let broken = try await TestKeys(keyID: "broken").token(first.claims())
        await #expect(throws: Problem.self) { try await verifier.principal(of: broken) }
    }
}

/// Users' key address.
final class UsersDouble: ServiceModule {
    enum Answer: Sendable, CustomTestStringConvertible {
        case document(String)
        case redirect

        static let unusable: [Answer] = [
            .document("<html><body>Sign in</body></html>"), .document(""), .document(#"{"keys":[]}"#),
            .document(#"{"keys":[{"kty":"EC","crv":"P-256","kid":"a","x":"AA","y":"AA"}]}"#),
            .document(#"{"keys":"\#(String(repeating: "x", count: 2_000_000))"}"#), .redirect,
        ]

        var testDescription: String {
            switch self {
            case .document(let text): String(text.prefix(60))
            case .redirect: "redirect"
            }
        }
    }

    let name = "users"
    let openAPI = "{}"
    let backgroundServices: [any Service] = []
    private let present = Mutex(Answer.document(""))
    private let elsewhere = TestKeys(keyID: "elsewhere")

    func answer(_ answer: Answer) { present.withLock { $0 = answer } }

    func addRoutes(to router: ServiceRouter) {
        router.get("/.well-known/jwks.json") { [self] _, _ in
            switch present.withLock({ $0 }) {
            case .document(let text): Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: text)))
            case .redirect: Response(status: .found, headers: [.location: "/elsewhere.json"])
            }
        }
        router.get("/elsewhere.json") { [elsewhere] _, _ in
            Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: elsewhere.document)))
        }
    }
}
