import GroveTesting
import ServiceKit
import StrictJSON

/// An operation of a running service, as its OpenAPI document has it.
struct ServiceOperation: CustomStringConvertible {
    let id: String
    let method: String
    let path: String
    let service: ServiceStack.Service
    let takesIfMatch: Bool

    var description: String { "\(id) \(method) \(path)" }
    var parameters: [String] { path.matches(of: /\{([a-z_]+)\}/).map { String($0.1) } }

    static func all(of stack: ServiceStack) async throws -> [ServiceOperation] {
        var operations: [ServiceOperation] = []
        for service in ServiceStack.Service.allCases {
            let document = try await TestClient.shared.send("GET", stack.url(service, "/openapi.json")).json
            guard case .object(let paths)? = document["paths"] else { continue }
            for (path, item) in paths {
                guard case .object(let methods) = item else { continue }
                for (method, operation) in methods {
                    guard let id = operation["operationId"]?.string else { continue }
                    operations.append(
                        ServiceOperation(
                            id: id, method: method.uppercased(), path: path, service: service,
                            takesIfMatch: operation["parameters"]?.text.contains("IfMatch") == true))
                }
            }
        }
        return operations.sorted { $0.id < $1.id }
    }
}
