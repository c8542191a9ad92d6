import ContractKit
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import PeriodicWork
import StrictJSON

extension ServiceApplication {
    /// The router with all middleware, the service's own routes and the modules'.
    func router() throws -> Router<ServiceContext> {
        let router = Router(context: ServiceContext.self, options: .autoGenerateHeadEndpoints)
        addCommonMiddleware(to: router)
        let limiter = RateLimiter(configuration.limits, now: now)
        let own = router.group().add(middleware: ProbeRateLimitMiddleware(limiter: limiter))
        // Liveness is never refused: it costs nothing, and a refusal would have a healthy process ended.
        addHealth(to: router)
        try addDocument(to: own)
        if configuration.managementPort == nil { addProbes(to: own) }
        router.add(middleware: AuthenticationMiddleware(verifier: verifier))
        router.add(middleware: RateLimitMiddleware(limiter: limiter))
        for module in modules {
            module.addRoutes(to: router.group().add(middleware: RefusalMiddleware(module: module)))
        }
        refuseOtherMethods(in: router)
        return router
    }

    /// What probes and scrapers ask, on a port that clients do not reach: without a limit.
    func managementRouter() -> Router<ServiceContext> {
        let router = Router(context: ServiceContext.self, options: .autoGenerateHeadEndpoints)
        addCommonMiddleware(to: router)
        addHealth(to: router)
        addProbes(to: router)
        refuseOtherMethods(in: router)
        return router
    }

    /// The first is the outermost. Errors become answers within the headers' and the log's reach.
    private func addCommonMiddleware(to router: Router<ServiceContext>) {
        router.add(middleware: RequestIDMiddleware(limits: configuration.limits, now: now))
        router.add(middleware: RequestLogMiddleware())
        router.add(middleware: DrainMiddleware(drain: drain))
        router.add(middleware: SecurityHeadersMiddleware())
        if !configuration.corsOrigins.isEmpty {
            router.add(middleware: CrossOriginMiddleware(origins: Set(configuration.corsOrigins)))
        }
        router.add(middleware: ErrorMiddleware())
    }

    private func addDocument(to router: some RouterMethods<ServiceContext>) throws {
        let document = ByteBuffer(string: try OpenAPIDocument(title: name, modules: modules).json.text)
        let hash = SHA256.hash(data: document.readableBytesView).prefix(16)
        let tag = "\"\(Data(hash).base64URL)\""
        router.get("/openapi.json") { request, _ in
            if request.isNotModified(entityTag: tag) {
                return Response(status: .notModified, headers: [.eTag: tag])
            }
            return Response(
                status: .ok, headers: [.contentType: "application/json; charset=utf-8", .eTag: tag],
                body: .init(byteBuffer: document))
        }
    }

    private func addHealth(to router: some RouterMethods<ServiceContext>) {
        router.get("/healthz") { _, _ in Self.answer(["status": .string("ok")]) }
    }

    private func addProbes(to router: some RouterMethods<ServiceContext>) {
        router.get("/readyz") { _, _ in
            let faults = await readinessFaults()
            guard faults.isEmpty else {
                throw Problem.unavailable("not-ready", "Not ready: \(faults.joined(separator: ", ")).")
            }
            return Self.answer(
                ["status": .string("ready"), "failing": failingLoops()].compactMapValues { $0 })
        }
        let page = MetricsPage(metrics)
        router.get("/metrics") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: .init(byteBuffer: page.bytes(at: .now)))
        }
    }

    /// The loops that have failed for a while. They take no service out of rotation: its requests are served all the same,
    /// and what one process cannot do here another could do no better.
    private func failingLoops() -> JSONValue? {
        let moment = now()
        let failing = services.flatMap { ($0 as? any PeriodicWork)?.loops ?? [] }.compactMap { loop in
            loop.failingSince(at: moment).map {
                JSONValue.object(["name": .string(loop.name), "since": .string($0.rfc3339)])
            }
        }
        return failing.isEmpty ? nil : .array(failing)
    }

    private static func answer(_ members: [String: JSONValue]) -> Response {
        Response(Answer(status: 200, content: Content(json: JSONValue.object(members))))
    }

    /// What keeps the service from serving, in words.
    private func readinessFaults() async -> [String] {
        var faults: [String] = []
        if drain.isDraining { faults.append("the service is shutting down") }
        if await !verifier.hasKeys { faults.append("the keys of access tokens are not known") }
        faults += await readiness.faults()
        return faults
    }

    /// Gives each known path an answer for every method that it has no route for: 405 and not 404.
    private func refuseOtherMethods(in router: Router<ServiceContext>) {
        for (path, routes) in Dictionary(grouping: router.routes, by: { $0.path.description }) {
            var known = Set(routes.map(\.method))
            if known.contains(.get) { known.insert(.head) }
            let allowed = Self.methods.filter(known.contains).map(\.rawValue).joined(separator: ", ")
            for method in Self.methods where !known.contains(method) {
                router.on(RouterPath(path), method: method) { _, _ -> Response in
                    var problem = Problem(
                        .methodNotAllowed, "method-not-allowed", "The method is not allowed",
                        detail: "This path answers to \(allowed).")
                    problem.set(.allow, to: allowed)
                    throw problem
                }
            }
        }
    }
}
