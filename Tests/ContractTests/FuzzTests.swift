import Foundation
import GroveTesting
import Testing

/// Schemathesis sends what the OpenAPI documents allow, and what they forbid; nothing may end in a 500.
@Suite struct FuzzTests {
    @Test(arguments: ServiceStack.Service.allCases)
    func noRequestEndsInAServerError(service: ServiceStack.Service) async throws {
        try await ServiceStack.with { stack in
            var running: [ServiceProcess] = [try await stack.start(.users)]
            if service != .users { running.append(try await stack.start(service)) }
            let token = try await stack.signUp("fuzz@example.com")
            let fuzzer = try ServiceProcess(
                tool: "schemathesis",
                [
                    "run", stack.url(service, "/openapi.json"), "--url", stack.url(service, ""),
                    "--header", "Authorization: Bearer \(token)", "--checks", "not_a_server_error",
                    "--max-examples", "20", "--seed", "20260101", "--generation-deterministic",
                    "--suppress-health-check", "all", "--no-color",
                    // These two end the very session that the run lives by.
                    "--exclude-operation-id", "logOut", "--exclude-operation-id", "closeAccount",
                ],
                environment: ["HOME": stack.folder.path, "PYTHONUNBUFFERED": "1"])
            let code = await fuzzer.exitCode()
            #expect(code == 0, "\(fuzzer.output)")
            #expect(fuzzer.output.contains("not_a_server_error") || code == 0)
            for process in running {
                #expect(!process.output.contains("\"level\":\"error\""), "\(process.output.suffix(4_000))")
                process.signal(SIGTERM)
            }
        }
    }
}
