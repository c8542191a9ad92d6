import ContractKit
import DatabaseClient
import ExactTypes
import Foundation
import ServiceLifecycle
import StrictJSON
import Synchronization

@testable import ServiceKit

/// `POST /v1/deposits`, as a contract has it.
enum Deposit: IdempotentEndpoint {
    static let description = EndpointDescription(
        id: "deposit", method: .post, path: "/v1/deposits", access: .user, bodyTypes: ["application/json"],
        takesIdempotencyKey: true, answerTypes: ["application/json"], answers: ["201", "4XX"])

    typealias Parameters = NoParameters

    struct Body: RequestBody, JSONWritable {
        let amount: FixedDecimal

        init(reading value: JSONValue, _ rules: ReadingRules) throws(FieldError) {
            amount = try MemberReader(value, rules).required("amount", .decimal())
        }

        func write(to writer: inout JSONWriter) {}
    }

    /// The answer's body.
    struct Receipt: Sendable, JSONReadable, JSONWritable {
        let number: Int
        var secret: String?

        init(number: Int) { self.number = number }

        init(reading value: JSONValue, _ rules: ReadingRules) throws(FieldError) {
            let members = try MemberReader(value, rules)
            number = try members.required("number", .int())
            secret = try members.optional("secret", .text())
        }

        func write(to writer: inout JSONWriter) {
            writer.beginObject()
            writer.member("\"number\":")
            writer.write(number)
            if let secret {
                writer.member("\"secret\":")
                writer.write(secret)
            }
            writer.endObject()
        }
    }

    struct Output: Sendable {
        var receipt: Receipt
        let location: String
    }

    static func parameters(reading reader: ParameterReader) throws(ParameterFault) -> NoParameters { .init() }

    static func write(_ parameters: NoParameters, to writer: inout ParameterWriter) {}

    static func answer(_ output: Output) -> Answer {
        Answer(
            status: 201, headers: [("ETag", "\"1\""), ("Location", output.location)],
            content: Content(json: output.receipt))
    }

    static func output(reading answer: Answer, _ rules: ReadingRules) throws(FieldError) -> Output {
        Output(
            receipt: try answer.body(.nested, rules), location: try answer.requiredHeader("Location"))
    }
}

/// Counts what it does, and takes a while for it.
final class DepositModule: ServiceModule {
    /// What happens around a deposit.
    enum Way {
        case plain
        /// It is prepared, by this.
        case preparing(@Sendable () async throws -> Void)
        /// Its answer holds a secret.
        case completing
        /// All bodies have one hash.
        case hashingNothing
    }

    let name = "deposits"
    let openAPI = "{}"
    let database: Database
    let clock = Mutex(Date(timeIntervalSince1970: 1_800_000_000))
    private let way: Way
    private let count = Mutex(0)

    init(database: Database, way: Way = .plain) {
        self.database = database
        self.way = way
    }

    var effects: Int { count.withLock { $0 } }
    var backgroundServices: [any Service] { [] }

    func addRoutes(to router: ServiceRouter) {
        let now = { @Sendable in self.clock.withLock { $0 } }
        let routes = EndpointRoutes(router, on: database, now: now)
        switch way {
        case .plain: routes.once(Deposit.self) { call, _ in try await self.deposit(call.body.amount) }
        case .preparing(let prepare):
            routes.once(
                Deposit.self,
                preparing: { call in
                    try await prepare()
                    return call.body.amount
                }, { _, amount, _ in try await self.deposit(amount) })
        case .completing:
            routes.once(Deposit.self) { call, _ in
                try await self.deposit(call.body.amount)
            } completing: { _, kept in
                var output = kept
                output.receipt.secret = "abc"
                return output
            }
        case .hashingNothing:
            EndpointRoutes(router, on: database, hashingBody: { _ in [] }, now: now)
                .once(Deposit.self) { call, _ in try await self.deposit(call.body.amount) }
        }
    }

    private func deposit(_ amount: FixedDecimal) async throws -> Deposit.Output {
        guard amount != .zero else { throw Problem.invalid("amount", "must be above zero") }
        let number = count.withLock { count in
            count += 1
            return count
        }
        try await Task.sleep(for: .milliseconds(20))
        return Deposit.Output(
            receipt: Deposit.Receipt(number: number), location: "/v1/deposits/\(number)")
    }
}
