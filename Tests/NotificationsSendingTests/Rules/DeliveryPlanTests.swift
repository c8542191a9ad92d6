import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Testing

@testable import Notifications

/// What becomes of a message on a channel, and what passes by the preferences.
@Suite struct DeliveryPlanTests {
    private static let berlin = DeliveryRecipient(
        status: .active, timeZone: .named("Europe/Berlin"), hasVerifiedEmail: true, hasWebhookEndpoint: true)
    private static let night = DeliveryPreference(isEnabled: true, quiet: QuietHours("22:00-07:00"))

    private func decide(
        _ category: NotificationCategory = .loans, _ channel: NotificationChannel = .email,
        _ priority: NotificationPriority = .normal, preference: DeliveryPreference? = nil,
        recipient: DeliveryRecipient? = berlin, at now: String = "2026-01-10T22:00:00Z"
    ) throws -> DeliveryDecision {
        DeliveryPlan.decide(
            category: category, channel: channel, priority: priority, preference: preference,
            recipient: recipient,
            now: try moment(now))
    }

    @Test func quietHoursPutOff() throws {
        let decision = try decide(preference: Self.night)
        #expect(decision == .deferred(until: try moment("2026-01-11T06:00:00Z")))
        let byDay = try decide(preference: Self.night, at: "2026-01-10T12:00:00Z")
        #expect(byDay == .now)
    }

    /// What was deferred in Berlin is looked at again in New York, by its clock.
    @Test func whoMovesIsJudgedByTheZoneHeIsInThen() throws {
        let newYork = DeliveryRecipient(
            status: .active, timeZone: .named("America/New_York"), hasVerifiedEmail: true,
            hasWebhookEndpoint: false)
        let evening = try decide(preference: Self.night)
        #expect(evening == .deferred(until: try moment("2026-01-11T06:00:00Z")))
        let moved = try decide(preference: Self.night, recipient: newYork, at: "2026-01-11T06:00:00Z")
        #expect(moved == .deferred(until: try moment("2026-01-11T12:00:00Z")))
        // And the other way: it is morning where the user is now.
        let sydney = DeliveryRecipient(
            status: .active, timeZone: .named("Australia/Sydney"), hasVerifiedEmail: true,
            hasWebhookEndpoint: false)
        let east = try decide(preference: Self.night, recipient: sydney)
        #expect(east == .now)
    }

    @Test(arguments: [NotificationChannel.email, .webhook, .inApp])
    func securityAndMarginCallsPassByEverything(channel: NotificationChannel) throws {
        let unwanted = DeliveryPreference(isEnabled: false)
        let collected = DeliveryPreference(
            isEnabled: true, quiet: QuietHours("00:00-23:59"), digest: .weekly)
        for preference in [unwanted, collected] {
            let security = try decide(.security, channel, .low, preference: preference)
            #expect(security == .now)
            let marginCall = try decide(.loans, channel, .critical, preference: preference)
            #expect(marginCall == .now)
        }
        let ordinary = try decide(.loans, channel, .high, preference: unwanted)
        #expect(ordinary == .suppressed(.notWanted))
    }

    @Test func nothingGoesWhereThereIsNoAddress() throws {
        let unreachable = DeliveryRecipient(
            status: .active, timeZone: .named("UTC"), hasVerifiedEmail: false, hasWebhookEndpoint: false)
        for channel in [NotificationChannel.email, .webhook] {
            let decision = try decide(.security, channel, .critical, recipient: unreachable)
            #expect(decision == .suppressed(.noAddress))
        }
        let gone = try decide(recipient: nil)
        #expect(gone == .suppressed(.accountClosed))
        let push = try decide(.security, .push)
        #expect(push == .suppressed(.noSender))
        let inbox = try decide(.trading, .inApp, recipient: nil)
        #expect(inbox == .now)
    }

    @Test func nothingIsSentForAnAccountThatIsNotOpen() throws {
        for (status, reason) in [
            (UserStatus.suspended, SuppressionReason.accountSuspended), (.closed, .accountClosed),
        ] {
            let recipient = DeliveryRecipient(
                status: status, timeZone: .named("UTC"), hasVerifiedEmail: true, hasWebhookEndpoint: true)
            for channel in [NotificationChannel.email, .webhook] {
                let decision = try decide(.security, channel, .critical, recipient: recipient)
                #expect(decision == .suppressed(reason))
            }
            let inbox = try decide(.security, .inApp, .critical, recipient: recipient)
            #expect(inbox == .now)
        }
    }

    @Test func theInboxIsNeverQuiet() throws {
        let decision = try decide(.trading, .inApp, preference: Self.night)
        #expect(decision == .now)
    }

    @Test func defaultsHoldWithoutAPreference() throws {
        let loans = try decide(.loans)
        #expect(loans == .now)
        let tips = try decide(.experts)
        // 2026-01-10 was a Saturday.
        #expect(tips == .digest(.weekly, try CalendarDay(parsing: "2026-01-12")))
    }
}

/// The day of a digest, by the user's own clock.
@Suite struct DigestCalendarTests {
    struct Case: Sendable {
        let frequency: DigestFrequency
        let zone: String
        let now: String
        let day: String
        let due: String
    }

    @Test(arguments: [
        Case(
            frequency: .daily, zone: "Europe/Berlin", now: "2026-01-10T06:59:59Z", day: "2026-01-10",
            due: "2026-01-10T07:00:00Z"),
        Case(
            frequency: .daily, zone: "Europe/Berlin", now: "2026-01-10T07:00:00Z", day: "2026-01-11",
            due: "2026-01-11T07:00:00Z"),
        // Sunday evening in New York is Monday in Sydney already.
        Case(
            frequency: .weekly, zone: "America/New_York", now: "2026-01-12T03:00:00Z", day: "2026-01-12",
            due: "2026-01-12T13:00:00Z"),
        Case(
            frequency: .weekly, zone: "Australia/Sydney", now: "2026-01-12T03:00:00Z", day: "2026-01-19",
            due: "2026-01-18T21:00:00Z"),
        // The mornings of both changes, in two hemispheres.
        Case(
            frequency: .daily, zone: "Europe/Berlin", now: "2026-03-28T12:00:00Z", day: "2026-03-29",
            due: "2026-03-29T06:00:00Z"),
        Case(
            frequency: .daily, zone: "Europe/Berlin", now: "2026-10-24T12:00:00Z", day: "2026-10-25",
            due: "2026-10-25T07:00:00Z"),
        Case(
            frequency: .daily, zone: "Australia/Sydney", now: "2026-10-03T02:00:00Z", day: "2026-10-04",
            due: "2026-10-03T21:00:00Z"),
        Case(
            frequency: .daily, zone: "Australia/Sydney", now: "2026-04-04T02:00:00Z", day: "2026-04-05",
            due: "2026-04-04T22:00:00Z"),
        // The day that Samoa left out is due when it would have been over.
        Case(
            frequency: .daily, zone: "Pacific/Apia", now: "2011-12-29T19:00:00Z", day: "2011-12-30",
            due: "2011-12-30T10:00:00Z"),
    ]) func isDue(_ each: Case) throws {
        let zone = try IANATimeZone(parsing: each.zone)
        let now = try moment(each.now)
        let day = DigestCalendar.nextDay(each.frequency, after: now, in: zone)
        #expect(day?.description == each.day)
        let due = try day.map { DigestCalendar.due($0, in: zone) }
        #expect(try due == moment(each.due))
    }

    @Test func everyDigestComesAfterNowAndAtEight() throws {
        var random = SeededGenerator(seed: 5)
        let zones = TimeZone.knownTimeZoneIdentifiers.sorted()
        for _ in 0..<3_000 {
            let name = zones.randomElement(using: &random) ?? "UTC"
            let zone = try IANATimeZone(parsing: name)
            let now = Date(
                timeIntervalSince1970: Double(Int.random(in: 1_400_000_000...2_114_380_800, using: &random)))
            let frequency: DigestFrequency = Bool.random(using: &random) ? .daily : .weekly
            let day = try #require(DigestCalendar.nextDay(frequency, after: now, in: zone))
            let due = DigestCalendar.due(day, in: zone)
            #expect(due > now && due.timeIntervalSince(now) <= (frequency == .daily ? 25 : 169) * 3_600.0)
            var calendar = Calendar(identifier: .gregorian)
            calendar.timeZone = try #require(TimeZone(identifier: name))
            let parts = calendar.dateComponents([.hour, .minute, .weekday], from: due)
            #expect(parts.hour == 8 && parts.minute == 0, "\(name) \(now.ISO8601Format())")
            if frequency == .weekly { #expect(parts.weekday == 2) }
        }
    }
}
