import ExactTypes
import Foundation
import SharedTypes

/// A message to a person.
struct Mail: Sendable {
    let recipient: String
    let subject: String
    let text: String

    static func verification(to recipient: String, token: OpaqueToken) -> Mail {
        Mail(
            recipient: recipient, subject: "Verify your email for Grove",
            text: """
                Welcome to Grove.

                Verify this email with the token below, within three days:

                \(token.text)

                    POST /v1/email-verifications/confirm {"token": "..."}

                If you did not sign up, ignore this message.
                """)
    }

    static func passwordReset(to recipient: String, token: OpaqueToken) -> Mail {
        Mail(
            recipient: recipient, subject: "Set a new password for Grove",
            text: """
                Somebody, you we hope, asked to set a new password for your Grove account.

                Set it with the token below, within one hour:

                \(token.text)

                    POST /v1/password-resets/confirm {"token": "...", "new_password": "..."}

                If it was not you, ignore this message: your password stays as it is.
                """)
    }

    /// The message in the form of RFC 5322: ASCII, short lines.
    func rfc5322(at date: Date, id: UUID) -> String {
        let form = DateFormatter()
        form.locale = Locale(identifier: "en_US_POSIX")
        form.timeZone = TimeZone(identifier: "UTC")
        form.dateFormat = "EEE, dd MMM yyyy HH:mm:ss '+0000'"
        let headers = [
            "From: Grove <no-reply@grove.invalid>", "To: <\(recipient)>", "Subject: \(subject)",
            "Date: \(form.string(from: date))", "Message-ID: <\(id.uuidString.lowercased())@grove.invalid>",
            "MIME-Version: 1.0", "Content-Type: text/plain; charset=us-ascii",
        ]
        return
            (headers + [""] + text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
            .joined(separator: "\r\n") + "\r\n"
    }
}
