import ContractKit
import Foundation
import GroveTesting
import HTTPTypes
import Hummingbird
import ServiceKit
import ServiceLifecycle
import Testing
import URLSessionTransport

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// What transports make of an answer, over a real socket.
@Suite struct TransportTests {
    /// Answers with a file of no bytes, and with nothing.
    private struct Files: ServiceModule {
        let name = "files"
        let openAPI = #"{"openapi": "3.1.0", "paths": {}}"#
        let backgroundServices: [any Service] = []

        func addRoutes(to router: ServiceRouter) {
            router.get("/v1/empty-file") { _, _ in
                Response(status: .ok, headers: [.contentType: "text/csv; charset=utf-8"])
            }
            router.get("/v1/nothing") { _, _ in Response(status: .noContent) }
        }
    }

    @Test func aFileMayBeEmptyAndAnAnswerWithoutOneHasNone() async throws {
        try await withServer(modules: [Files()], databases: []) { server in
            for transport in [TestTransport(), URLSessionTransport(.shared)] as [any Transport] {
                func content(_ path: String) async throws -> Content? {
                    let request = TransportRequest(
                        method: .get, url: server.url + path, headers: [], bytes: nil)
                    return try await transport.send(request).content
                }
                let file = try await content("/v1/empty-file")
                #expect(file == Content(type: "text/csv; charset=utf-8", bytes: []))
                #expect(try await content("/v1/nothing") == nil)
            }
        }
    }
}
