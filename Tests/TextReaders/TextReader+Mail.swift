import Foundation

@testable import Mail

extension TextReader {
    static let mail = [
        TextReader(text: "mail-address", "ada@example.com", parse: { try MailAddress(parsing: $0) }),
        TextReader(
            text: "mail-message", "Grüße, Welt",
            accept: { text in
                let recipient = try MailAddress(parsing: "ada@example.com")
                let message = MailMessage(
                    id: "x", recipient: recipient, subject: text, text: text, date: .distantFuture)
                return !message.rfc5322(from: recipient, named: text).isEmpty
            }),
        TextReader(
            text: "mail-url", "smtp://mail.example.com:587",
            accept: { try MailSettings(values: ["MAIL_URL": $0, "MAIL_FROM": "ada@example.com"]) != nil }),
    ]
}
