import ExactTypes
import Foundation
import GroveTesting
import Testing

@testable import Mail

/// The form in which a message goes over the wire, and that no text can be more than text.
@Suite struct MailMessageTests {
    private func wire(
        subject: String = "Level 3", text: String = "Well done.", date: String = "2026-01-10T22:00:00Z"
    )
        throws -> String
    {
        let message = MailMessage(
            id: "a_b_email", recipient: try MailAddress(parsing: "anna@example.com"), subject: subject,
            text: text, date: try Date(date, strategy: .iso8601))
        return message.rfc5322(from: try MailAddress(parsing: "notices@grove.example"), named: "Grove")
    }

    @Test func isWhatMailProgramsRead() throws {
        let text = try wire()
        #expect(
            text == """
                From: Grove <notices@grove.example>\r
                To: <anna@example.com>\r
                Subject: Level 3\r
                Date: Sat, 10 Jan 2026 22:00:00 +0000\r
                Message-ID: <a_b_email@grove.example>\r
                MIME-Version: 1.0\r
                Content-Type: text/plain; charset=utf-8\r
                Content-Transfer-Encoding: quoted-printable\r
                Auto-Submitted: auto-generated\r
                \r
                Well done.\r

                """)
        let old = try wire(date: "1969-12-31T23:59:59Z")
        #expect(old.contains("Date: Wed, 31 Dec 1969 23:59:59 +0000\r\n"))
    }

    @Test func aSubjectInAnotherScriptIsEncoded() throws {
        #expect(HeaderText.encoded("Grüße") == "=?UTF-8?B?R3LDvMOfZQ==?=")
        // Never half a character in a word, and never more than 75 characters.
        let long = HeaderText.encoded(String(repeating: "Zinsen für März 💶 ", count: 12))
        for word in long.components(separatedBy: "\r\n ") {
            #expect(word.count <= 75)
            let data = try #require(Data(base64Encoded: String(word.dropFirst(10).dropLast(2))))
            #expect(String(data: data, encoding: .utf8) != nil)
        }
        // What looks like an encoded word already is encoded, so that it is read as it was written.
        #expect(HeaderText.encoded("=?UTF-8?B?QQ==?=").hasPrefix("=?UTF-8?B?PT9V"))
    }

    @Test(arguments: [
        "\r\nBcc: eve@example.com", "\nBcc: eve@example.com", "\rBcc: x", "\u{85}Bcc: x", "\u{2028}B", "\0",
    ])
    func nothingInASubjectStartsAHeader(injected: String) throws {
        let text = try wire(subject: "Hello" + injected)
        let headers = text.components(separatedBy: "\r\n\r\n")[0]
        #expect(!headers.components(separatedBy: .newlines).contains { $0.hasPrefix("B") })
        #expect(headers.components(separatedBy: "\r\n").count == 9)
        #expect(headers.utf8.allSatisfy { $0 != 0 })
    }

    @Test(arguments: [
        "anna@example.com\r\nRCPT TO:<eve@example.com>", "anna@example.com>", "<anna@example.com",
        "a b@example.com",
        "anna", "anna@", "@example.com", "a@b@c", "anna@exam ple.com", "anna@example..com",
        "änna@example.com",
        "anna@-example.com", "a\"b@example.com", String(repeating: "a", count: 65) + "@example.com", "",
    ])
    func whatIsMoreThanAnAddressIsNone(text: String) {
        #expect(throws: ParseError.self) { try MailAddress(parsing: text) }
    }

    @Test func aBodyIsSplitIntoShortLines() throws {
        let cases = [
            ("", "\r\n"), ("a\nb", "a\r\nb\r\n"), ("a\r\nb\rc", "a\r\nb\r\nc\r\n"), ("1 = 1", "1 =3D 1\r\n"),
            ("ends \nhere", "ends=20\r\nhere\r\n"), ("für", "f=C3=BCr\r\n"), ("tab\t", "tab=09\r\n"),
        ]
        for (text, encoded) in cases { #expect(QuotedPrintable.encoded(text) == encoded) }
        let exact = String(repeating: "x", count: 76)
        #expect(QuotedPrintable.encoded(exact) == exact + "\r\n")
        let wide = QuotedPrintable.encoded(exact + "x")
        #expect(wide == String(repeating: "x", count: 75) + "=\r\nxx\r\n")
    }

    /// What a reader gets back is what was written, whatever it is.
    @Test func aBodyComesBackAsItWas() throws {
        var random = SeededGenerator(seed: 7)
        let pieces = [
            "a", "=", " ", "\t", ".", "ü", "💶", "\n", "From ", "=20", String(repeating: "w", count: 50),
        ]
        for _ in 0..<500 {
            let text = (0..<Int.random(in: 0...60, using: &random))
                .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            let encoded = QuotedPrintable.encoded(text)
            let lines = encoded.components(separatedBy: "\r\n")
            #expect(lines.allSatisfy { $0.utf8.count <= 76 && $0.utf8.allSatisfy { $0 < 127 } })
            #expect(decoded(encoded) == text + "\n")
        }
    }

    private func decoded(_ text: String) -> String {
        let joined = Array(text.replacing("=\r\n", with: "").replacing("\r\n", with: "\n").utf8)
        var bytes: [UInt8] = []
        var index = 0
        while index < joined.count {
            if joined[index] == UInt8(ascii: "="), index + 2 < joined.count {
                bytes.append(
                    UInt8(String(decoding: joined[index + 1...index + 2], as: UTF8.self), radix: 16) ?? 0)
                index += 3
            } else {
                bytes.append(joined[index])
                index += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
