import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// The check that a container's `healthcheck` subcommand makes.
public enum HealthCheck {
    /// Asks the service on this machine whether it is up; 0 where it is, 1 where it is not, as an exit code.
    public static func run(port: Int) async -> Int32 {
        let request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/healthz")
        let response = try? await HTTPClient.shared.execute(request, timeout: .seconds(2))
        return response?.status == .ok ? 0 : 1
    }
}
