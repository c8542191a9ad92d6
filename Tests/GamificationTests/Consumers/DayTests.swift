import DatabaseClient
import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import StrictJSON
import Testing

@testable import Gamification

extension ProgressSuite {
    /// A day ends by the user's clock. That it ended by the server's is an old complaint about such systems:
    /// HabitRPG/habitica#822 and #1331 on GitHub.
    @Suite struct DayTests {
        private static let daily = #""types": ["deposit"], "counts": "each""#

        /// 01:31 UTC on the 29th is 17:31 on the 28th in Los Angeles.
        @Test func anEveningInLosAngelesBelongsToItsOwnDay() async throws {
            try await GamificationServer.with { server in
                server.game.clock.set(try Date(rfc3339: "2026-11-29T01:31:00Z"))
                try await server.game.makeQuest("save_today", Self.daily, kind: .daily)
                try await server.game.makeQuest("save_weekly", Self.daily, kind: .weekly)
                func periods(_ person: GamificationServer.Person) async throws -> [String: String] {
                    try await server.list("/v1/quests", as: person).reduce(into: [:]) {
                        $0[$1["code"]?.string ?? ""] = $1["period"]?.string
                    }
                }
                try await server.game.setTimeZone("America/Los_Angeles", of: server.ada.id)
                let west = try await periods(server.ada)
                #expect(west["save_today"] == "2026-11-28" && west["save_weekly"] == "2026-W48")
                // Who has no profile has the days of UTC.
                #expect(try await periods(server.eve)["save_today"] == "2026-11-29")
                // The 29th is a Sunday. At noon UTC it is Monday in the east.
                server.game.clock.set(try Date(rfc3339: "2026-11-29T12:00:00Z"))
                try await server.game.setTimeZone("Pacific/Kiritimati", of: server.eve.id)
                let east = try await periods(server.eve)
                #expect(east["save_today"] == "2026-11-30" && east["save_weekly"] == "2026-W49")
            }
        }

        /// What is consumed counts by the same clock as what is shown: progress, points and limits.
        @Test func progressAndPointsAreOfTheUsersDay() async throws {
            try await GamificationTest.with { game in
                let daily = try await game.makeQuest("save_today", Self.daily, kind: .daily)
                let days = try await game.makeQuest(
                    "days", #""types": ["deposit"], "counts": "days""#, target: "9")
                let user = try await game.test.makeUser()
                try await game.setTimeZone("America/Los_Angeles", of: user)
                // 15:30, 17:31 and 23:59 of the 28th, and a minute later.
                for moment in [
                    "2026-11-28T23:30:00Z", "2026-11-29T01:31:00Z", "2026-11-29T07:59:00Z",
                    "2026-11-29T08:00:00Z",
                ] {
                    game.clock.set(try Date(rfc3339: moment))
                    try await game.post(.deposit, of: user)
                }
                try await game.consume()
                let first = try #require(try await game.state(daily, of: user, "2026-11-28"))
                #expect(first.status == .completed)
                let graceEnd = try Date(rfc3339: "2026-11-30T08:00:00Z")
                #expect(first.expiresAt == graceEnd, "a day's grace, by the clock")
                let second = try await game.state(daily, of: user, "2026-11-29")
                #expect(second?.completedAt == (try Date(rfc3339: "2026-11-29T08:00:00Z")))
                #expect(try await game.state(daily, of: user, "2026-11-30") == nil)
                #expect(try await game.state(days, of: user)?.progress == FixedDecimal(2))
                #expect(try await game.level(of: user).experience == 2 * ExperienceGrant.saving)
            }
        }

        /// A day that the clock makes an hour longer has the same limit, and the hour belongs to it.
        @Test func aDayOfTwentyFiveHoursIsOneDay() async throws {
            try await GamificationTest.with { game in
                let user = try await game.test.makeUser()
                try await game.setTimeZone("Europe/Zurich", of: user)
                // 25 October 2026 begins at 22:00 UTC of the day before and ends at 23:00 UTC.
                for moment in ["2026-10-24T22:30:00Z", "2026-10-25T12:00:00Z", "2026-10-25T22:30:00Z"] {
                    game.clock.set(try Date(rfc3339: moment))
                    for instrument in game.newInstruments(2) {
                        try await game.post(.buy, of: user, instrument)
                    }
                }
                try await game.consume()
                #expect(try await game.level(of: user).experience == 3 * ExperienceGrant.diversifying)
                game.clock.set(try Date(rfc3339: "2026-10-25T23:00:00Z"))
                try await game.post(.buy, of: user, game.newInstruments(1)[0])
                try await game.consume()
                #expect(try await game.level(of: user).experience == 4 * ExperienceGrant.diversifying)
            }
        }

        /// At each full hour a day begins somewhere. Who goes there has the points of two days in 24 hours, and no more.
        @Test func whoFollowsMidnightEarnsNoMoreThanTwoDays() async throws {
            try await GamificationTest.with { game in
                let user = try await game.test.makeUser()
                for hour in 0..<24 {
                    // The sign of these names is the other way round.
                    try await game.setTimeZone(
                        hour <= 12 ? "Etc/GMT+\(hour)" : "Etc/GMT-\(24 - hour)", of: user)
                    game.clock.set(try Date(rfc3339: "2026-11-29T00:30:00Z") + Double(hour) * 3_600)
                    for instrument in game.newInstruments(3) {
                        try await game.post(.buy, of: user, instrument)
                    }
                    try await game.consume()
                }
                #expect(try await game.level(of: user).experience == 6 * ExperienceGrant.diversifying)
            }
        }

        /// Periods are dates, so that a traveller repeats none, whichever way they go.
        @Test func whoMovesToAnotherZoneRepeatsNoDay() async throws {
            try await GamificationTest.with { game in
                let daily = try await game.makeQuest("save_today", Self.daily, kind: .daily)
                let user = try await game.test.makeUser()
                game.clock.set(try Date(rfc3339: "2026-11-29T11:00:00Z"))
                for zone in ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Pacific/Kiritimati", "Etc/UTC"] {
                    try await game.setTimeZone(zone, of: user)
                    try await game.post(.deposit, of: user)
                    try await game.consume()
                }
                // At 11:00 UTC it is the 30th in Kiritimati, and the 29th everywhere else.
                var begun: [Int] = []
                for day in 27...30 where try await game.state(daily, of: user, "2026-11-\(day)") != nil {
                    begun.append(day)
                }
                #expect(begun == [29, 30])
                // The limit is of the day's hours, and these are the same.
                #expect(try await game.level(of: user).experience == ExperienceGrant.saving)
            }
        }
    }
}
