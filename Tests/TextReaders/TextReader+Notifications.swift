import ExactTypes
import Foundation
import SharedTypes

@testable import Notifications

extension TextReader {
    static let notifications = [
        TextReader(text: "time-of-day", "22:30", accept: { TimeOfDay.minutes($0) != nil }),
        TextReader(
            text: "webhook-address", "https://example.com/hook", parse: { try WebhookAddress.check($0) }),
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
            text: "zone-of-a-row", "Pacific/Apia",
            accept: { zone in
                let zone = try IANATimeZone(parsing: zone)
                let format = MessageFormat(locale: zone.description, timeZone: zone)
                _ = zone.first(120, of: .last)
                return !format.moment(.distantPast).time.isEmpty
            }),
    ]
}
