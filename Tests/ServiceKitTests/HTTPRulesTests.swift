import Foundation
import GroveTesting
import Logging
import Testing

@testable import ServiceKit

/// What HTTP says of requests, byte for byte.
@Suite(.timeLimit(.minutes(1))) struct HTTPRulesTests {
    private func withConnection(
        _ body: @escaping @Sendable (RawConnection) throws -> Void
    ) async throws {
        let application = ServiceApplication(
            name: "probe", configuration: .forTests, modules: [ProbeModule()], databases: [],
            verifier: TestKeys().verifier(), logger: Logger(label: "test"))
        try await application.serve { port in
            try await onThread { try body(RawConnection(port: port)) }
        }
    }

    @Test(arguments: ["QUERY", "PROPFIND", "PURGE"])
    func anUnknownMethodOnAKnownPathIs405(_ method: String) async throws {
        try await withConnection { connection in
            try connection.send("\(method) /v1/things HTTP/1.1\r\nHost: x\r\n\r\n")
            let known = try connection.answer()
            #expect(known.status == 405)
            #expect(known.head.contains("GET, HEAD, POST"))
            try connection.send("\(method) /v1/nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try connection.answer().status == 404)
        }
    }

    @Test func anOldClientsConnectionEndsUnlessItAsksToKeepIt() async throws {
        try await withConnection { connection in
            try connection.send("GET /v1/things HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            let kept = try connection.answer()
            #expect(kept.status == 200)
            #expect(kept.head.lowercased().contains("connection: keep-alive"))
            try connection.send("GET /v1/things HTTP/1.0\r\n\r\n")
            let last = try connection.answer()
            #expect(last.status == 200)
            #expect(last.head.lowercased().contains("connection: close"))
            #expect(try connection.isClosed())
        }
    }

    @Test func aClientThatAsksForTheEndGetsIt() async throws {
        try await withConnection { connection in
            try connection.send("GET /v1/things HTTP/1.1\r\nHost: x\r\nConnection: Close\r\n\r\n")
            #expect(try connection.answer().head.lowercased().contains("connection: close"))
            #expect(try connection.isClosed())
        }
    }

    @Test(arguments: ["", "Host: a\r\nHost: a\r\n", "Host: a\r\nhost: b\r\n"])
    func aRequestHasOneHost(_ headers: String) async throws {
        try await withConnection { connection in
            // What came before it on the connection is answered first.
            try connection.send(
                "GET /v1/slow HTTP/1.1\r\nHost: x\r\n\r\nGET /v1/things HTTP/1.1\r\n\(headers)\r\n")
            #expect(try connection.answer().status == 200)
            #expect(try connection.answer().status == 400)
            #expect(try connection.isClosed())
        }
    }

    @Test(
        arguments: [
            ("Content-Encoding: br", 415, "Content-Encoding"),
            ("Content-Encoding: gzip, identity", 415, "Content-Encoding"),
            ("Content-Encoding: identity", 201, nil),
            ("Content-Type: application/json; charset=utf-16", 415, "Content-Type"),
            ("Content-Type: application/json;charset=\"UTF-8\"", 201, nil),
            ("Content-Type: application/json; profile=x", 201, nil),
        ] as [(String, Int, String?)])
    func aBodyIsPlainUTF8(_ header: String, status: Int, field: String?) async throws {
        try await withConnection { connection in
            let type = header.hasPrefix("Content-Type") ? "" : "Content-Type: application/json\r\n"
            try connection.send(
                "POST /v1/things HTTP/1.1\r\nHost: x\r\n\(type)\(header)\r\nContent-Length: 12\r\n\r\n{\"name\":\"a\"}"
            )
            let answer = try connection.answer()
            #expect(answer.status == status)
            if let field { #expect(answer.body.contains("\"field\":\"\(field)\"")) }
        }
    }
}
