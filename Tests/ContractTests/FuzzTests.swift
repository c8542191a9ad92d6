import Foundation
import GroveTesting
import Testing

/// Schemathesis sends what the OpenAPI documents allow, and what they forbid. Nothing may end in a 500, and every
/// answer must be one that its document describes.
@Suite(.serialized) struct FuzzTests {
    @Test(arguments: ServiceStack.Service.allCases)
    func everyAnswerKeepsToTheContract(service: ServiceStack.Service) async throws {
        try await ServiceStack.with { stack in
            var running: [ServiceProcess] = [try await stack.start(.users)]
            if service != .users { running.append(try await stack.start(service)) }
            // An operator, so that no route hides behind a 403.
            _ = try await stack.signUp("fuzz@example.com")
            let promotion = try ServiceProcess(
                "users-service", ["grant-operator", "fuzz@example.com"],
                environment: stack.environment(.users))
            #expect(await promotion.exitCode() == 0, "\(promotion.output)")
            let token = try await stack.logIn("fuzz@example.com")
            let fuzzer = try ServiceProcess(
                tool: "schemathesis",
                [
                    "run", stack.url(service, "/openapi.json"), "--url", stack.url(service, ""),
                    "--header", "Authorization: Bearer \(token)", "--checks",
                    "not_a_server_error,status_code_conformance,content_type_conformance,"
                        + "response_headers_conformance,response_schema_conformance",
                    "--max-examples", "20", "--seed", "20260101", "--generation-deterministic",
                    "--suppress-health-check", "all", "--no-color",
                    // These end the very session that the run lives by.
                    "--exclude-operation-id", "logOut", "--exclude-operation-id", "closeAccount",
                    // An event stream has no end to wait for.
                    "--exclude-operation-id", "streamNotifications",
                ],
                environment: ["HOME": stack.folder.path, "PYTHONUNBUFFERED": "1"], in: stack.folder)
            let code = await fuzzer.exitCode()
            let cases = fuzzer.output.firstMatch(of: /(\d+) generated/).flatMap { Int($0.1) } ?? 0
            #expect(code == 0, "\(fuzzer.output)")
            #expect(cases > 100, "\(fuzzer.output)")
            for process in running { process.signal(SIGTERM) }
        }
    }
}
