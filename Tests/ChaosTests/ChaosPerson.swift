import Foundation
import GroveTesting
import StrictJSON

/// Somebody with a portfolio, who tries again until there is an answer.
struct ChaosPerson {
    private let stack: ServiceStack
    private let token: String
    private let portfolio: String

    /// Signs up, shows that the email is theirs, and wants a webhook too.
    init(_ number: Int, at stack: ServiceStack, _ receivers: Receivers) async throws {
        self.stack = stack
        token = try await stack.signUp("chaos\(number)@example.com")
        try await stack.verifyEmail("chaos\(number)@example.com")
        let endpoint = try await TestClient.shared.send(
            "POST", stack.url(.notifications, "/v1/webhook-endpoints"),
            headers: ["Authorization": "Bearer \(token)", "Idempotency-Key": "endpoint"],
            body: #"{"url": "\#(receivers.webhooks.url("/of-\(number)"))"}"#)
        guard endpoint.status == 201 else { throw ServiceProcess.Failure(description: endpoint.text) }
        let created = try await TestClient.shared.send(
            "POST", stack.url(.portfolios, "/v1/portfolios"),
            headers: ["Authorization": "Bearer \(token)", "Idempotency-Key": "portfolio"],
            body: #"{"name": "Chaos", "kind": "brokerage", "base_currency": "USD", "tracks_cash": true}"#)
        guard let id = created.json["id"]?.string else {
            throw ServiceProcess.Failure(description: created.text)
        }
        portfolio = id
    }

    /// A deposit, then purchases and deposits in turn, of a few instruments.
    func importRows(_ rows: Int, number: Int) async throws {
        var lines = ["id,date,type,symbol,quantity,unit_price,amount,fee,currency"]
        for row in 0..<rows {
            let id = "\(number)-\(row)"
            lines.append(
                row.isMultiple(of: 2)
                    ? "\(id),2024-03-0\(1 + row % 9),deposit,,,,\(100 + row).25,0,USD"
                    : "\(id),2024-03-1\(row % 9),buy,SYM\((number + row) % 13),1,\(10 + row % 7).50,,0,USD")
        }
        for _ in 0..<600 {
            let answer = try? await TestClient.shared.send(
                "POST", stack.url(.portfolios, "/v1/portfolios/\(portfolio)/imports"),
                headers: [
                    "Authorization": "Bearer \(token)", "Idempotency-Key": "import-\(number)",
                    "Content-Type": "text/csv",
                ], body: lines.joined(separator: "\n"))
            if let answer, answer.status < 300 { return }
            if let answer, ![409, 503].contains(answer.status) {
                throw ServiceProcess.Failure(description: answer.text)
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw ServiceProcess.Failure(description: "import \(number) was never acknowledged")
    }
}
