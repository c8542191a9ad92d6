import ExactTypes
import Foundation
import SharedTypes
import Testing

@testable import Notifications

@Suite struct MessageCatalogTests {
    private static let moment = Date(timeIntervalSince1970: 1_800_000_000)

    /// Each message with usual values and with the worst.
    static let samples: [Message] = {
        let long = String(repeating: "Ünïcødé \u{1F331}\r\nX-Evil: yes ", count: 200)
        var samples: [Message] = [.passwordChanged(at: moment)]
        for (title, number) in [("First steps", 1), (long, .max), ("", 0)] {
            samples += [
                .levelReached(level: number, experience: number),
                .questCompleted(
                    quest: .version7(at: moment), title: title, period: "once", experience: number),
                .webhookDisabled(endpoint: .version7(at: moment), host: title, failures: number),
                .webhookSecretLost(endpoint: .version7(at: moment), host: title),
                .webhookTest(endpoint: .version7(at: moment)),
                .webhooksOverfull(limit: number),
            ]
            samples += AchievementTier.allCases.map {
                .achievementUnlocked(achievement: .version7(at: moment), title: title, tier: $0)
            }
            samples += RewardTrack.allCases.map { .tierClaimed(season: number, tier: number, track: $0) }
        }
        return samples
    }()

    @Test(arguments: Array(MessageCatalog.languages.keys))
    func everyMessageIsSaidWithinTheLimits(locale: String) {
        for message in Self.samples {
            let text = MessageCatalog.text(of: message, locale: locale, timeZone: .named("Europe/Zurich"))
            #expect((1...200).contains(text.title.unicodeScalars.count), "\(text.title)")
            #expect((1...4_000).contains(text.body.unicodeScalars.count), "\(text.body)")
            for line in [text.title, text.body] {
                #expect(
                    !line.unicodeScalars.contains { $0.properties.generalCategory == .control }, "\(line)")
            }
            #expect(message.template.wholeMatch(of: /[a-z][a-z0-9_.]{0,79}/) != nil)
        }
        // All of them, whatever is added.
        #expect(Set(Self.samples.map(\.template)).count == 9)
    }

    @Test func noTwoLanguagesSayTheSame() {
        for message in Self.samples.prefix(8) {
            let said = MessageCatalog.languages.keys.map {
                MessageCatalog.text(of: message, locale: $0, timeZone: .named("UTC")).title
            }
            #expect(Set(said).count == said.count)
        }
    }

    @Test(arguments: [
        ("de", "de"), ("de-CH", "de"), ("DE-at", "de"), ("en-GB", "en"), ("fr-CH", "en"), ("gsw", "en"),
        ("", "en"),
    ])
    func aLocaleFallsBackToItsLanguageAndThenToEnglish(locale: String, language: String) {
        #expect(MessageCatalog.language(for: locale) == language)
    }

    @Test(arguments: [
        ("en", 12_500, "12,500"), ("de", 12_500, "12.500"), ("de-CH", 1_234_567, "1’234’567"),
        ("de-CH", 999, "999"), ("en", -1_000, "-1,000"), ("fr", 0, "0"),
    ])
    func numbersHaveTheGroupsOfTheirLocale(locale: String, number: Int, text: String) {
        #expect(MessageFormat(locale: locale, timeZone: .named("UTC")).number(number) == text)
    }

    @Test func momentsGoByTheUsersClock() {
        let message = Message.passwordChanged(at: Date(timeIntervalSince1970: 1_795_217_400))
        let english = MessageCatalog.text(of: message, locale: "en", timeZone: .named("America/New_York"))
            .body
        #expect(english.contains("20 November 2026 at 18:30 (America/New_York)"), "\(english)")
        let german = MessageCatalog.text(of: message, locale: "de-CH", timeZone: .named("Europe/Zurich")).body
        #expect(german.contains("21. November 2026 um 00:30 Uhr (Europe/Zurich)"), "\(german)")
    }

    @Test func aValueOfAnEventCannotBeginALineOfItsOwn() {
        let text = MessageCatalog.text(
            of: .questCompleted(
                quest: .version7(at: Self.moment), title: "A\r\nBcc: eve@example.com\u{2028}B",
                period: "once",
                experience: 1),
            locale: "en", timeZone: .named("UTC"))
        #expect(text.title == "Quest completed: A  Bcc: eve@example.com B")
    }
}
