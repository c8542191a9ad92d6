import ExactTypes
import Foundation
import SharedTypes
import Testing

@testable import Notifications

@Suite struct InboxOrderTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    @Test func aNewIdStandsAfterTheLatestWhateverTheClockSays() {
        let early = Notification.ID.version7(at: now)
        let late = Notification.ID.version7(at: now.addingTimeInterval(60))
        #expect(late.following(early) == late)
        #expect(early.following(nil) == early)
        let next = early.following(late)
        #expect(next > late)
        #expect(early.following(next) > next)
        #expect(late.following(late) > late)
    }

    @Test func theNextOfAFullByteCarries() throws {
        let latest = try #require(Notification.ID("01900000-0000-7000-8000-0000000000ff"))
        #expect(
            Notification.ID.lowest.following(latest).description == "01900000-0000-7000-8000-000000000100")
        let full = try #require(Notification.ID("01900000-0000-7000-80ff-ffffffffffff"))
        #expect(Notification.ID.lowest.following(full).description == "01900000-0000-7000-8100-000000000000")
    }

    @Test(arguments: [("00:00", 0), ("07:05", 425), ("23:59", 1_439)])
    func aTimeOfDayIsMinutes(text: String, minutes: Int) {
        #expect(TimeOfDay.minutes(text) == minutes)
        #expect(TimeOfDay.text(minutes) == text)
    }

    @Test(arguments: ["24:00", "7:05", "07:60", "0705", "-1:00", "07:05:00", "0７:05", ""])
    func whatIsNoTimeOfDayIsNone(text: String) { #expect(TimeOfDay.minutes(text) == nil) }
}
