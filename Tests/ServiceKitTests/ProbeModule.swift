import ContractKit
import DatabaseClient
import ExactTypes
import Foundation
import Hummingbird
import Logging
import ServiceLifecycle
import StrictJSON
import Synchronization

@testable import ServiceKit

/// A module with a route for each thing that the chassis does.
struct ProbeModule: ServiceModule {
    var name = "probe"
    var openAPI = #"{"openapi":"3.1.0","paths":{"/v1/things":{"get":{"operationId":"listThings"}}}}"#

    /// Where /v1/raise lets PostgreSQL raise an error.
    var database: Database?
    let streams = Streams()

    /// How many of the endless answers have begun, and how many have ended.
    final class Streams: Sendable {
        let counts = Mutex((begun: 0, ended: 0))
    }

    struct Unforeseen: Error, CustomStringConvertible {
        var description: String { "the secret of the house" }
    }

    struct Mapped: ProblemConvertible {
        var problem: Problem { .conflict("name-taken", "The name is taken.") }
    }

    func addRoutes(to router: ServiceRouter) {
        router.get("/v1/things") { request, context in
            let query = MemberReader(try request.queryValues(), .parameters)
            let limit = try query.optional("limit", .int(in: 1...200)) ?? 50
            return try Response.json(["limit": limit], revision: 3)
        }
        router.post("/v1/things") { request, context in
            let body = try MemberReader(try await request.json(context).value, .request)
            let name = try body.required("name", .text(length: 1...80))
            try body.refuseOthers(than: ["name"])
            return try Response.json(["name": name], status: .created)
        }
        router.get("/v1/things/{thing_id}") { _, context in
            guard let id = context.parameters.get("thing_id").flatMap({ Identifier<Thing>($0) }) else {
                throw Problem.notFound("thing")
            }
            return try Response.json(["id": id.description, "user": try context.user().userID.description])
        }
        router.get("/v1/operators") { _, context in
            _ = try context.operator()
            return Response.noContent
        }
        router.get("/v1/unforeseen") { _, _ -> Response in throw Unforeseen() }
        router.get("/v1/mapped") { _, _ -> Response in throw Mapped() }
        router.get("/v1/slow") { _, _ in
            try await Task.sleep(for: .milliseconds(20))
            return try Response.json(["slow": true])
        }
        router.get("/v1/endless") { _, _ in
            try await Task.sleep(for: .seconds(3_600))
            return Response.noContent
        }
        router.get("/v1/stream") { _, _ in
            Response(
                status: .ok,
                body: .init { writer in
                    streams.counts.withLock { $0.begun += 1 }
                    defer { streams.counts.withLock { $0.ended += 1 } }
                    let piece = ByteBuffer(repeating: 0x78, count: 65_536)
                    while true { try await writer.write(piece) }
                })
        }
        router.get("/v1/raise/{state}") { _, context in
            let state = context.parameters.get("state") ?? ""
            let sql = "DO $$ BEGIN RAISE EXCEPTION 'raised' USING ERRCODE = '\(state)'; END $$"
            _ = try await database?.execute(
                Statement(name: "raise\(state)", sql: sql, access: .write), Parameters())
            return Response.noContent
        }
        router.get("/v1/patient") { _, context in
            context.allow(.seconds(60))
            streams.counts.withLock { $0.begun += 1 }
            try await Task.sleep(for: .milliseconds(1_500))
            return Response.noContent
        }
    }

    var backgroundServices: [any Service] { [] }
}

enum Thing: Entity {}
