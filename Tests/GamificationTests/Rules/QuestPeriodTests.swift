import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Testing

@testable import Gamification

@Suite struct QuestPeriodTests {
    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = .gmt
        return calendar
    }()

    /// Foundation's own ISO calendar is the oracle, over sixty years of days at any second.
    @Test func weeksAreThoseOfISO8601() throws {
        var generator = SeededGenerator(seed: 2)
        // Five is prime to seven, so every weekday comes up.
        for day in stride(from: 0, to: 22_000, by: 5) {
            let moment = Date(
                timeIntervalSince1970: Double(day) * 86_400 + .random(in: 0..<86_400, using: &generator))
            let parts = Self.calendar.dateComponents([.yearForWeekOfYear, .weekOfYear], from: moment)
            let year = try #require(parts.yearForWeekOfYear)
            let week = try #require(parts.weekOfYear)
            let period = try #require(
                QuestPeriod(of: .weekly, at: moment, in: .utc, endsAt: nil, season: nil))
            #expect(period.name == String(format: "%04d-W%02d", year, week))
            let interval = try #require(Self.calendar.dateInterval(of: .weekOfYear, for: moment))
            #expect(period.expiresAt == interval.end.addingTimeInterval(3 * 86_400))
            let daily = try #require(QuestPeriod(of: .daily, at: moment, in: .utc, endsAt: nil, season: nil))
            #expect(daily.name == CalendarDay(utc: moment).description)
            #expect(daily.expiresAt == Date(timeIntervalSince1970: Double(day + 2) * 86_400))
        }
    }

    @Test func aSeasonHasItsPeriodOnlyWhileItRuns() {
        let begin = Date(timeIntervalSince1970: 1_000_000)
        let season = Season(
            number: 3, startsAt: begin, endsAt: begin + 100, claimUntil: begin + 200)
        #expect(season.isRunning(at: begin) && season.isRunning(at: begin + 99))
        #expect(!season.isRunning(at: begin - 1) && !season.isRunning(at: begin + 100))
        let period = QuestPeriod(of: .seasonal, at: begin, in: .utc, endsAt: begin + 100, season: season)
        #expect(period?.name == "season-3" && period?.expiresAt == begin + 200)
        #expect(QuestPeriod(of: .seasonal, at: begin, in: .utc, endsAt: begin + 100, season: nil) == nil)
        let once = QuestPeriod(of: .oneTime, at: begin, in: .utc, endsAt: nil, season: season)
        #expect(once?.name == "once" && once?.expiresAt == nil)
    }

    @Test func progressIsClamped() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<2_000 {
            let target = FixedDecimal(.random(in: 1...50, using: &generator))
            var progress = QuestProgress(.zero, of: target)
            var sum = 0
            for _ in 0..<10 {
                let more = Int.random(in: 0...12, using: &generator)
                sum += more
                progress = progress.adding(FixedDecimal(more))
                #expect(progress.amount == min(FixedDecimal(sum), target))
                #expect(progress.isComplete == (sum >= Int(target.units / FixedDecimal(1).units)))
            }
        }
        let most = FixedDecimal(2_000_000_000)
        let full = QuestProgress(most, of: most)
        #expect(full.adding(most).adding(most).isComplete)
    }

    /// However often somebody trades, on however many days: an instrument is new once, a day is saved on
    /// once.
    @Test func experienceDoesNotGrowWithTheNumberOfTrades() {
        var generator = SeededGenerator(seed: 4)
        let instruments = (0..<5).map { _ in Instrument.ID.version7(at: .now) }
        var sources: Set<String> = []
        var days: Set<String> = []
        for _ in 0..<5_000 {
            let at = Date(timeIntervalSince1970: .random(in: 0..<(86_400 * 20), using: &generator))
            let type = TransactionType.allCases.randomElement(using: &generator) ?? .buy
            let posting = QuestFact.Posting(
                type: type, portfolio: .version7(at: .now),
                instrument: instruments.randomElement(using: &generator), isInstrumentShared: true,
                amount: FixedDecimal(1),
                currency: .usd)
            let fact = QuestFact(event: .transactionPosted, key: "k", at: at, zone: .utc, posting: posting)
            if type == .deposit { days.insert(CalendarDay(utc: at).description) }
            guard let grant = ExperienceGrant.direct(for: fact) else { continue }
            #expect(
                type == .deposit && grant.reason == .saving || type == .buy && grant.reason == .diversifying)
            sources.insert("\(grant.reason):\(grant.subject)")
        }
        #expect(sources.count == instruments.count + days.count)
    }

    @Test func aTierIsOpenByPointsTrackAndTime() {
        let begin = Date(timeIntervalSince1970: 1_000_000)
        func claim(
            _ track: RewardTrack = .free, experience: Int = 1_000, premium: Bool = false,
            reward: Reward? = .badge("b"),
            at offset: Double = 10
        ) -> Result<Reward, TierClaim.Refusal> {
            Result { () throws(TierClaim.Refusal) in
                try TierClaim(
                    season: Season(number: 1, startsAt: begin, endsAt: begin + 100, claimUntil: begin + 200),
                    experienceRequired: 1_000, track: track, reward: reward, experience: experience,
                    isPremium: premium
                ).granted(at: begin + offset)
            }
        }
        #expect(claim() == .success(.badge("b")))
        #expect(claim(at: 150) == .success(.badge("b")), "in the grace")
        #expect(claim(at: -1) == .failure(.notBegun))
        #expect(claim(at: 200) == .failure(.graceIsOver))
        #expect(claim(experience: 999) == .failure(.notEarned(missing: 1)))
        #expect(claim(.premium) == .failure(.needsPremium))
        #expect(claim(.premium, premium: true) == .success(.badge("b")))
        #expect(claim(reward: nil) == .failure(.noReward))
    }
}
