import ExactTypes
import Foundation
import SharedTypes

@testable import Notifications

extension TextReader {
    static let notifications = [
        TextReader(text: "time-of-day", "22:30", accept: { TimeOfDay.minutes($0) != nil }),
        TextReader(
            text: "webhook-address", "https://example.com/hook",
            parse: { try WebhookAddress.check($0, isReachable: true) }),
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
