import Crypto
import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import GroveTesting
import Mail
import SharedTypes
import Testing

@testable import Users

/// The outbox, with a real mail server behind it where the server's answer counts.
@Suite struct SendOutgoingMailTests {
    private struct Waiting: Equatable {
        let attempts: Int
        let error: String?
    }

    private func waiting(_ server: UsersServer) async throws -> [Waiting] {
        try await server.test.owner.query("SELECT attempts, error FROM users.outgoing_mails ORDER BY id")
            .many { Waiting(attempts: try $0.int(0), error: $0.isNull(1) ? nil : try $0.text(1)) }
    }

    @Test func theTokenStandsInTheClearInNoTableAndTheRowGoesWithTheMail() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let sealed = try await server.test.owner.query("SELECT sealed_body FROM users.outgoing_mails")[0]
                .bytes(0)
            let token = try #require(try await server.mailedTokens(to: "ada@example.com").first)
            #expect(sealed.count > 200)
            #expect(!String(decoding: sealed, as: UTF8.self).contains("gre_"))
            #expect(try await waiting(server) == [])
            let clear = try await server.test.owner.query(
                "SELECT count(*) FROM users.email_tokens WHERE token_hash = convert_to('\(token)', 'UTF8')")
            #expect(try clear[0].int(0) == 0)
        }
    }

    @Test func aBodyOpensUnderItsOwnIDAndKeyAlone() throws {
        let keys = try UsersConfiguration(
            sealingKey: Data(repeating: 7, count: 32).base64EncodedString(),
            mail: .folder(MailFolder(path: "/nowhere")), tokenIssuer: "grove", tokenAudience: "grove"
        ).keys
        let seal = MailSeal(key: keys.mailSeal)
        let (id, other) = (OutgoingMail.ID(UUID()), OutgoingMail.ID(UUID()))
        let sealed = try seal.seal("a token", for: id)
        #expect(try seal.open(sealed, of: id) == "a token")
        #expect(throws: MailSeal.Broken.self) { try seal.open(sealed, of: other) }
        #expect(throws: MailSeal.Broken.self) {
            try MailSeal(key: keys.signingKeySeal).open(sealed, of: id)
        }
        #expect(throws: MailSeal.Broken.self) { try seal.open([1, 2, 3], of: id) }
    }

    @Test func aServerThatPutsOffIsAskedAgainAndARefusalIsTheEnd() async throws {
        let mail = try await MailServer.start()
        try await withUsers(mail: .server(try mail.settings())) { server in
            try await server.register("greylisted-ada@example.com")
            try await server.register("unknown-bob@example.com")
            try await server.users.mailSender.sendOutgoingMail()
            #expect(try await waiting(server) == [.init(attempts: 1, error: "the mail server answered 451")])
            // Not before its pause is over.
            try await server.users.mailSender.sendOutgoingMail()
            #expect(try await waiting(server).map(\.attempts) == [1])
            server.clock.advance(seconds: 10)
            try await server.users.mailSender.sendOutgoingMail()
            #expect(try await waiting(server).map(\.attempts) == [2])
            // When the token has expired there is nothing more to send.
            server.clock.advance(days: 3)
            try await server.users.mailSender.sendOutgoingMail()
            #expect(try await waiting(server) == [])
            #expect(mail.received.isEmpty)
        }
        await mail.stop()
    }

    /// A process that was started with another sealing key neither sends what waits nor takes it away.
    @Test func anotherSealingKeyLosesNothing() async throws {
        let mail = try await MailServer.start()
        try await withUsers(mail: .server(try mail.settings())) { server in
            try await server.register("ada@example.com")
            let sender = server.users.mailSender
            let other = OutgoingMailSender(
                database: sender.database, worker: sender.worker, transport: sender.transport,
                seal: MailSeal(key: .init(size: .bits256)), now: sender.now, logger: sender.logger)
            try await other.sendOutgoingMail()
            #expect(try await waiting(server).map(\.attempts) == [1])
            server.clock.advance(seconds: 10)
            try await sender.sendOutgoingMail()
            #expect(try await waiting(server) == [])
            #expect(mail.received.map(\.recipients) == [["ada@example.com"]])
        }
        await mail.stop()
    }

    /// What was handed to the server is marked, though the service is stopped at that moment.
    @Test func aMessageOfAServiceThatStopsGoesOnce() async throws {
        let mail = try await MailServer.start()
        try await withUsers(mail: .server(try mail.settings())) { server in
            for number in 0..<8 { try await server.register("ada\(number)@example.com") }
            let round = Task { try? await server.users.mailSender.sendOutgoingMail() }
            while mail.received.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
            round.cancel()
            _ = await round.value
            // After the leases have ended.
            server.clock.advance(seconds: 121)
            try await server.users.mailSender.sendOutgoingMail()
            #expect(try await waiting(server) == [])
            let ids = mail.received.compactMap { $0.header("Message-ID") }
            #expect(ids.count == 8 && Set(ids).count == 8)
        }
        await mail.stop()
    }

    /// Somebody asks twice at the same moment: one token is good, and one message goes.
    @Test func ofTwoAskedForAtOnceTheLaterIsGood() async throws {
        try await withUsers { server in
            let user = try await server.register("ada@example.com")
            let outbox = Outbox(seal: server.users.mailSender.seal, publicURL: nil)
            // Of two processes: in one, a user's transactions may take turns.
            let pools = [server.users.database, server.test.database(role: "users_service")]
            for _ in 0..<20 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for pool in pools {
                        group.addTask {
                            try await pool.transaction(as: user.uuid) {
                                try await issueEmailToken(
                                    .passwordReset, to: "ada@example.com", by: outbox,
                                    in: OperationContext(user: user, transaction: $0, now: server.clock.now))
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                let good = try await server.test.owner.query(
                    """
                    SELECT (SELECT count(*) FROM users.email_tokens
                            WHERE kind = 'password_reset' AND used_at IS NULL),
                        (SELECT count(*) FROM users.outgoing_mails WHERE kind = 'password_reset')
                    """
                ).one { (try $0.int(0), try $0.int(1)) }
                #expect(good == (1, 1))
            }
        }
    }

    @Test func anAwayServerLosesNothing() async throws {
        let mail = try await MailServer.start()
        let settings = try mail.settings()
        let port = mail.port
        await mail.stop()
        try await withUsers(mail: .server(settings)) { server in
            try await server.register("ada@example.com")
            try await server.users.mailSender.sendOutgoingMail()
            #expect(try await waiting(server).map(\.attempts) == [1])
            let back = try await MailServer.start(port: port)
            server.clock.advance(seconds: 10)
            try await server.users.mailSender.sendOutgoingMail()
            #expect(try await waiting(server) == [])
            #expect(back.received.map(\.recipients) == [["ada@example.com"]])
            await back.stop()
        }
    }

    @Test func processesThatSendAtOnceSendEachMessageOnce() async throws {
        let mail = try await MailServer.start()
        try await withUsers(mail: .server(try mail.settings())) { server in
            for number in 0..<12 { try await server.register("ada\(number)@example.com") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { try await server.users.mailSender.sendOutgoingMail() } }
                try await group.waitForAll()
            }
            #expect(try await waiting(server) == [])
            let ids = mail.received.compactMap { $0.header("Message-ID") }
            #expect(ids.count == 12 && Set(ids).count == 12)
        }
        await mail.stop()
    }

    /// A process that dies between its lease and its mark leaves the message to another, when the lease is over.
    @Test func whatADeadProcessLeasedIsSentWhenItsLeaseEnds() async throws {
        try await withUsers { server in
            let user = try await server.register("ada@example.com")
            let (now, own) = (server.clock.now, server.database.acting(as: user.uuid))
            let due = try await server.users.worker.listDueMails(now: now, rowLimit: 10)
            let id = try #require(due.first).id
            let claimed = try await own.claimMail(
                leasedUntil: now.addingTimeInterval(120), now: now, userID: user, outgoingMailID: id)
            #expect(claimed?.attempts == 1)
            #expect(try await server.mailedTokens(to: "ada@example.com").isEmpty)
            server.clock.advance(seconds: 120)
            #expect(try await server.mailedTokens(to: "ada@example.com").count == 1)
        }
    }

    @Test func aNewerMessageAndAnEndedAccountTakeWhatWaitsOutOfTheOutbox() async throws {
        try await withUsers { server in
            try await server.register("ada@example.com")
            let access = try await server.logIn("ada@example.com").access
            let again = try await server.send(
                "POST", "/v1/email-verifications", token: access, headers: ["Idempotency-Key": "again"])
            #expect(again.status == 202)
            let reset = try await server.send(
                "POST", "/v1/password-resets", json: #"{"email": "ada@example.com"}"#)
            #expect(reset.status == 202)
            #expect(try await waiting(server).count == 2)
            let close = try await server.send(
                "POST", "/v1/users/me/close", token: access, headers: ["Idempotency-Key": "close"],
                json: #"{"password": "\#(UsersServer.password)"}"#)
            #expect(close.status == 204)
            #expect(try await waiting(server) == [])
        }
    }

    @Test func theRequestAndALinkTravelWithTheMessage() async throws {
        try await withUsers(publicURL: "https://grove.example") { server in
            let answer = try await server.send(
                "POST", "/v1/users", headers: ["X-Request-Id": "abc"],
                json: #"{"email": "ada@example.com", "password": "\#(UsersServer.password)"}"#)
            #expect(answer.status == 201)
            let request = try await server.test.owner.query("SELECT request_id FROM users.outgoing_mails")
            #expect(try request[0].text(0) == "abc")
            let token = try #require(try await server.mailedTokens(to: "ada@example.com").first)
            let file = try #require(
                try FileManager.default.contentsOfDirectory(atPath: server.mailFolder.path).first)
            let text = try String(
                contentsOf: server.mailFolder.appending(path: file), encoding: .utf8
            ).replacing("=\r\n", with: "")
            #expect(text.contains("https://grove.example/verify-email?token=3D\(token)"))
            let confirm = try await server.send(
                "POST", "/v1/email-verifications/confirm", json: #"{"token": "\#(token)"}"#)
            #expect(confirm.status == 204)
        }
    }
}
