import Foundation
import GroveTesting
import ServiceKit
import StrictJSON
import Testing

/// Users as it is deployed, with a mail server, and with Notifications beside it.
@Suite struct UsersMailTests {
    private static let email = "ada@example.com"

    private func send(
        _ stack: ServiceStack, _ method: String, _ service: ServiceStack.Service, _ path: String,
        token: String? = nil, json: String? = nil
    ) async throws -> TestClient.Answer {
        var headers = ["Idempotency-Key": UUID().uuidString]
        if let token { headers["Authorization"] = "Bearer \(token)" }
        return try await TestClient.shared.send(
            method, stack.url(service, path), headers: headers, body: json)
    }

    /// Until something is there: the services look each second.
    private func wait<Value>(for what: String, _ look: () async throws -> Value?) async throws -> Value {
        for _ in 0..<600 {
            if let value = try await look() { return value }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw ServiceProcess.Failure(description: "it never came: \(what)")
    }

    /// The token of the message number `count` to Ada.
    private func mailedToken(_ mail: MailServer, _ count: Int) async throws -> String {
        try await wait(for: "message \(count)") {
            let messages = mail.received.filter { $0.recipients == [Self.email] }
            guard messages.count >= count else { return nil }
            return GroveTesting.mailedToken(in: messages[count - 1].text)
        }
    }

    @Test func theMailedTokenVerifiesAndTheNextResets() async throws {
        try await ServiceStack.with { stack in
            let mail = try await MailServer.start(port: stack.mailPort)
            let users = try await stack.start(.users, stack.mailServer)
            let access = try await stack.signUp(Self.email)
            let verified = try await send(
                stack, "POST", .users, "/v1/email-verifications/confirm",
                json: #"{"token": "\#(try await mailedToken(mail, 1))"}"#)
            #expect(verified.status == 204, "\(verified.text)")
            let me = try await send(stack, "GET", .users, "/v1/users/me", token: access)
            #expect(me.json["email_verified"] == .bool(true))
            #expect(me.json["status"] == .string("active"))

            let asked = try await send(
                stack, "POST", .users, "/v1/password-resets", json: #"{"email": "\#(Self.email)"}"#)
            #expect(asked.status == 202)
            let reset = try await send(
                stack, "POST", .users, "/v1/password-resets/confirm",
                json: #"{"token": "\#(try await mailedToken(mail, 2))", "new_password": "another rose 43"}"#)
            #expect(reset.status == 204, "\(reset.text)")
            let session = try await send(
                stack, "POST", .users, "/v1/sessions",
                json: #"{"email": "\#(Self.email)", "password": "another rose 43"}"#)
            #expect(session.status == 201)

            let subjects = mail.received.compactMap { $0.header("Subject") }
            #expect(subjects == ["Verify your email for Grove", "Set a new password for Grove"])
            #expect(mail.received.allSatisfy { $0.sender == "grove@example.com" })
            users.signal(SIGTERM)
            #expect(await users.exitCode() == 0, "\(users.output)")
            await mail.stop()
        }
    }

    /// The email may be another person's: until it is verified, nothing that was set up in its name leaves the platform.
    @Test func theWebhooksOfAnUnverifiedAccountSendNothing() async throws {
        try await ServiceStack.with { stack in
            let mail = try await MailServer.start(port: stack.mailPort)
            let hooks = try await WebhookServer.start()
            let users = try await stack.start(.users, stack.mailServer)
            let notifications = try await stack.start(
                .notifications,
                [
                    "WEBHOOK_PRIVATE_ADDRESSES": "true",
                    "WEBHOOK_CERTIFICATES": hooks.certificate.certificate,
                ])
            let access = try await stack.signUp(Self.email)
            func addEndpoint() async throws -> TestClient.Answer {
                try await send(
                    stack, "POST", .notifications, "/v1/webhook-endpoints", token: access,
                    json: #"{"url": "\#(hooks.url("/hook"))"}"#)
            }
            func changePassword(from current: String, to new: String) async throws {
                let changed = try await send(
                    stack, "POST", .users, "/v1/users/me/password", token: access,
                    json: #"{"current_password": "\#(current)", "new_password": "\#(new)"}"#)
                #expect(changed.status == 204, "\(changed.text)")
            }
            func inbox() async throws -> Int {
                let list = try await send(stack, "GET", .notifications, "/v1/notifications", token: access)
                return list.json["items"]?.elements.count ?? 0
            }
            let refused = try await addEndpoint()
            #expect(refused.status == 403, "\(refused.text)")
            try await changePassword(from: "correct horse battery staple", to: "another rose 43")
            _ = try await wait(for: "the first message") { try await inbox() == 1 ? true : nil }

            let verified = try await send(
                stack, "POST", .users, "/v1/email-verifications/confirm",
                json: #"{"token": "\#(try await mailedToken(mail, 1))"}"#)
            #expect(verified.status == 204, "\(verified.text)")
            #expect(try await addEndpoint().status == 201)
            try await changePassword(from: "another rose 43", to: "third lily 44")
            let first = try await wait(for: "a webhook") { hooks.received.first }
            // What was told before the verification would have come before.
            let latest = try await send(
                stack, "GET", .notifications, "/v1/notifications?limit=1", token: access)
            let id = try #require(latest.json["items"]?[0]?["id"]?.string)
            #expect(String(decoding: first.body, as: UTF8.self).contains(id))
            #expect(hooks.received.count == 1)
            for process in [users, notifications] {
                process.signal(SIGTERM)
                #expect(await process.exitCode() == 0, "\(process.output)")
            }
            await hooks.stop()
            await mail.stop()
        }
    }
}
