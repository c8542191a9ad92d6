import ExactTypes
import Foundation
import GroveTesting
import Testing

@testable import Mail

/// Mail by libcurl, against a real mail server.
@Suite struct SMTPClientTests {
    private func message(to recipient: String, subject: String = "Level 3", text: String = "Well done.")
        throws
        -> MailMessage
    {
        MailMessage(
            id: "0198_0199_email", recipient: try MailAddress(parsing: recipient), subject: subject,
            text: text,
            date: Date())
    }

    /// How a message failed, nil where it did not.
    private func failure(_ settings: MailSettings, to recipient: String) async throws -> SendingFailure? {
        do {
            _ = try await SMTPClient(settings: settings).send(try message(to: recipient))
            return nil
        } catch let failure as SendingFailure {
            return failure
        }
    }

    @Test func arrives() async throws {
        let server = try await MailServer.start()
        let text = "Grüße, Anna.\n.\n..two\nFrom here on =3D\n" + String(repeating: "long ", count: 40)
        let answer = try await SMTPClient(settings: try server.settings())
            .send(try message(to: "anna@example.com", subject: "Stufe 3: für Dich", text: text))
        #expect(answer == "2.0.0 Ok: queued as 4F2A")
        let received = server.received
        #expect(received.count == 1)
        let mail = try #require(received.first)
        #expect(mail.sender == "notices@grove.example")
        #expect(mail.recipients == ["anna@example.com"])
        #expect(mail.hello == "grove.example")
        #expect(mail.header("Message-ID") == "<0198_0199_email@grove.example>")
        #expect(mail.header("Subject") == "=?UTF-8?B?U3R1ZmUgMzogZsO8ciBEaWNo?=")
        // A line of one dot would have ended the message.
        let body = mail.text.components(separatedBy: "\r\n\r\n")[1]
        #expect(body.hasPrefix("Gr=C3=BC=C3=9Fe, Anna.\r\n.\r\n..two\r\nFrom here on =3D3D\r\nlong long"))
    }

    @Test func tellsARefusalFromATrouble() async throws {
        let server = try await MailServer.start()
        let settings = try server.settings()
        let unknown = try await failure(settings, to: "unknown-anna@example.com")
        #expect(unknown == .permanent("the mail server refused it with 550"))
        let refused = try await failure(settings, to: "refused-anna@example.com")
        #expect(refused == .permanent("the mail server refused it with 554"))
        let greylisted = try await failure(settings, to: "greylisted-anna@example.com")
        #expect(greylisted == .temporary("the mail server answered 451"))
        #expect(server.received.isEmpty)
        await server.stop()
        let away = try await failure(settings, to: "anna@example.com")
        #expect(away?.isPermanent == false)
        let busy = try await MailServer.start(["--busy"])
        let later = try await failure(try busy.settings(), to: "anna@example.com")
        #expect(later == .temporary("the mail server answered 421"))
    }

    @Test func givesUpOnASlowServer() async throws {
        let server = try await MailServer.start(["--slow-seconds", "120"])
        let begin = ContinuousClock.now
        // Long before the server says anything.
        let slow = try await failure(try server.settings(timeoutSeconds: 1), to: "slow-anna@example.com")
        #expect(slow?.isPermanent == false)
        #expect(ContinuousClock.now - begin < .seconds(60))
    }

    @Test func neverSpeaksInTheClearWhereTLSIsRequired() async throws {
        let server = try await MailServer.start()
        let open = try await failure(try server.settings(requiresTLS: true), to: "anna@example.com")
        #expect(open?.isPermanent == false)
        #expect(server.received.isEmpty)
    }

    @Test(arguments: ["smtp", "smtps"]) func speaksTLSAndLogsIn(scheme: String) async throws {
        let tls = try await TestCertificate.make()
        let server = try await MailServer.start(
            ["--auth", "--certificate", tls.certificate, "--key", tls.key]
                + (scheme == "smtps" ? ["--implicit-tls"] : []))
        func settings(_ password: String?, trusted: Bool = true) throws -> MailSettings {
            try server.settings(
                scheme: scheme, user: password == nil ? nil : "grove", password: password, requiresTLS: true,
                certificates: trusted ? tls.certificate : nil)
        }
        let stranger = try await failure(try settings("secret", trusted: false), to: "anna@example.com")
        #expect(stranger?.isPermanent == false)
        // Our own log-in is no fault of the message.
        let wrong = try await failure(try settings("wrong"), to: "anna@example.com")
        #expect(wrong?.isPermanent == false)
        let nameless = try await failure(try settings(nil), to: "anna@example.com")
        #expect(nameless == .temporary("the mail server answered 530"))
        #expect(server.received.isEmpty)
        let right = try await failure(try settings("secret"), to: "anna@example.com")
        #expect(right == nil)
        #expect(server.received.map(\.tls) == [true])
    }

    @Test func manyAtOnceBlockNobody() async throws {
        let server = try await MailServer.start()
        let client = SMTPClient(settings: try server.settings())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask { _ = try await client.send(try message(to: "anna\(number)@example.com")) }
            }
            try await group.waitForAll()
        }
        #expect(Set(server.received.flatMap(\.recipients)).count == 40)
    }

    @Test(arguments: [
        "http://mail", "smtp://", "smtp://me:pw@host", "smtp://host/path", "mail.example.com:25",
    ])
    func refusesWhatIsNoMailServer(url: String) throws {
        let sender = try MailAddress(parsing: "notices@grove.example")
        #expect(throws: ParseError.self) { try MailSettings(url: url, sender: sender) }
    }
}
