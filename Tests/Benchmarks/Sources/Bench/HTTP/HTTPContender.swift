import Foundation
import Glibc

/// A server that is measured.
struct HTTPContender: Sendable {
    let name: String
    /// To which portfolio of each user its purchases go; nil where it posts none.
    let purchases: Int?
    /// The measures of which it takes part in reading.
    let reads: Set<HTTPMeasure>
    let command: @Sendable (_ port: Int) -> [String]
    let environment: [String: String]

    func measures(_ measure: HTTPMeasure) -> Bool {
        measure == .purchase ? purchases != nil : reads.contains(measure)
    }
}

extension HTTPContender {
    static let grove = "Grove"
    static let goBatch = "Go pgx, SendBatch"
    static let goPlain = "Go pgx"
    static let fastAPI = "FastAPI asyncpg"

    /// A Grove service; with a path other than the first's it is another build of it.
    static func grove(_ name: String, _ path: String, number: Int, _ folder: HTTPFolder) -> HTTPContender {
        HTTPContender(
            name: name, purchases: 101 + number, reads: [.holdings, .transactions, .valuation],
            command: { _ in [path, "serve"] }, environment: environment(of: "portfolios", folder))
    }

    /// The service with the event streams.
    static func notifications(_ path: String, _ folder: HTTPFolder) -> HTTPContender {
        HTTPContender(
            name: grove, purchases: nil, reads: [.stream], command: { _ in [path, "serve"] },
            environment: environment(of: "notifications", folder).merging([
                "NOTIFICATIONS_SEALING_KEY": Data(repeating: 7, count: 32).base64EncodedString(),
                "MAX_CONNECTIONS_PER_ADDRESS": "100000",
            ]) { $1 })
    }

    private static func environment(of context: String, _ folder: HTTPFolder) -> [String: String] {
        [
            "DATABASE_URL": folder.url(of: "\(context)_service"),
            "WORKER_DATABASE_URL": folder.url(of: "\(context)_worker"),
            // Nothing answers there: the keys are those of the cache.
            "JWKS_URL": "http://127.0.0.1:9/jwks.json", "JWKS_CACHE_FILE": folder.keySet,
            // The peers log nothing and limit nothing.
            "LOG_LEVEL": "error", "RATE_LIMIT_BURST": "0", "DATABASE_MAX_CONNECTIONS": "16",
            "DRAIN_DELAY_SECONDS": "0",
        ]
    }

    static func go(batch: Bool, _ binaries: String, _ folder: HTTPFolder) -> HTTPContender {
        HTTPContender(
            name: batch ? goBatch : goPlain, purchases: batch ? nil : 109, reads: [.holdings, .transactions],
            command: go("portfolios_service", batch ? "batch" : "plain", binaries, folder), environment: [:])
    }

    /// The same server with the event streams.
    static func goStream(_ binaries: String, _ folder: HTTPFolder) -> HTTPContender {
        HTTPContender(
            name: goBatch, purchases: nil, reads: [.stream],
            command: go("notifications_service", "stream", binaries, folder), environment: [:])
    }

    private static func go(
        _ role: String, _ mode: String, _ binaries: String, _ folder: HTTPFolder
    ) -> @Sendable (Int) -> [String] {
        { ["\(binaries)/http", folder.url(of: role), "\($0)", folder.publicKey, mode] }
    }

    static func fastAPI(_ python: String, _ sources: String, _ folder: HTTPFolder) -> HTTPContender {
        HTTPContender(
            name: fastAPI, purchases: nil, reads: [.holdings],
            command: {
                [
                    python, "-m", "uvicorn", "--app-dir", sources, "http_peer:app", "--port", "\($0)",
                    "--workers",
                    "2", "--no-access-log", "--log-level", "error",
                ]
            },
            environment: [
                "DATABASE_URL": folder.url(of: "portfolios_service"), "PUBLIC_KEY": folder.publicKey,
            ])
    }
}

/// A contender's process.
final class HTTPServerProgram {
    let contender: HTTPContender
    let port: Int
    /// From its start to its first answer of `/readyz`.
    let readyMilliseconds: Double
    private let process: Process

    private static let patience = Duration.seconds(30)

    static func start(_ contender: HTTPContender) async throws -> HTTPServerProgram {
        let port = try freePort()
        let command = contender.command(port)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.environment = ProcessInfo.processInfo.environment.merging(contender.environment) { $1 }
            .merging(["PORT": "\(port)"]) { $1 }
        process.standardOutput = FileHandle.standardError
        let start = ContinuousClock.now
        try process.run()
        while !isReady(port) {
            guard process.isRunning, .now - start < patience else {
                process.terminate()
                throw BenchFailure(message: "\(contender.name) does not become ready.")
            }
            try await Task.sleep(for: .milliseconds(2))
        }
        return HTTPServerProgram(contender, port, process, (ContinuousClock.now - start) / .milliseconds(1))
    }

    private init(_ contender: HTTPContender, _ port: Int, _ process: Process, _ readyMilliseconds: Double) {
        self.contender = contender
        self.port = port
        self.process = process
        self.readyMilliseconds = readyMilliseconds
    }

    func stop() async {
        process.terminate()
        while process.isRunning { try? await Task.sleep(for: .milliseconds(5)) }
    }

    /// What it and the processes that it started have resident.
    var residentKilobytes: Int {
        var (family, total) = ([process.processIdentifier], 0)
        while let one = family.popLast() {
            let status = (try? String(contentsOfFile: "/proc/\(one)/status", encoding: .utf8)) ?? ""
            total += status.firstMatch(of: /VmRSS:\s+([0-9]+) kB/).flatMap { Int($0.1) } ?? 0
            let children = try? String(contentsOfFile: "/proc/\(one)/task/\(one)/children", encoding: .utf8)
            family += (children ?? "").split(separator: " ").compactMap { Int32($0) }
        }
        return total
    }

    // MARK: - Sockets

    private static func freePort() throws -> Int {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        guard isBound else { throw BenchFailure(message: "There is no free port.") }
        return Int(in_port_t(bigEndian: address.sin_port))
    }

    private static func isReady(_ port: Int) -> Bool {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = loopback(port: in_port_t(port))
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { return false }
        let request = "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        _ = request.withCString { send(socket, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = recv(socket, &bytes, bytes.count, 0)
        return count > 12 && String(decoding: bytes[9..<12], as: UTF8.self) == "200"
    }

    static func loopback(port: in_port_t) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        return address
    }
}
