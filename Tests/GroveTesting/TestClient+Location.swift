import ContractKit
import ExactTypes
import Foundation
import StrictJSON
import Testing

extension TestClient {
    /// What a POST has made must be at its Location, as the answer has it. A repetition has the answer of before, and what
    /// it made may be another by now.
    func expectSame(
        atLocationOf made: ContractKit.Answer, to method: String, _ url: String, authorization: String?
    ) async throws {
        guard Self.readsLocations, method == "POST", made.status == 201,
            made.header("Idempotency-Replayed") == nil,
            let location = made.header("Location"), let operation = ContractCheck.operation(method, url),
            // Who registers has no token yet.
            operation.facts.access != .everyone
        else { return }
        let id = operation.facts.id
        guard ContractCheck.operation("GET", location) != nil,
            let target = URL(string: location, relativeTo: URL(string: url))
        else {
            Issue.record("\(id): no document has GET \(location)")
            return
        }
        let headers = authorization.map { ["Authorization": $0] } ?? [:]
        let there = try await send("GET", target.absoluteString, headers: headers)
        // A test may have taken the database away meanwhile.
        guard there.status != 503 else { return }
        #expect(there.status == 200, "\(id): \(there.text)")
        let value = (try? made.content?.value()) ?? .null
        let difference = Self.located(value, by: id).difference(from: there.json)
        if let difference {
            Issue.record("\(id): at its Location, \(difference.field) is otherwise: it \(difference.reason)")
        }
    }

    /// What of an answer is to be found at its Location.
    private static func located(_ answer: JSONValue, by id: String) -> JSONValue {
        switch (id, answer) {
        case ("createWebhookEndpoint", .object(var members)):
            // The secret is shown once.
            members["secret"] = nil
            return .object(members)
        case ("correctTransaction", _):
            // The Location is that of the new one of two transactions.
            return answer["transaction"] ?? .null
        default:
            return answer
        }
    }
}
