import ExactTypes
import Foundation
import GroveTesting
import SharedTypes
import Testing

@testable import Gamification

@Suite struct QuestCriteriaTests {
    private func fault(_ text: String) -> FieldError? {
        do throws(FieldError) {
            _ = try QuestCriteria(parsing: text)
            return nil
        } catch {
            return error
        }
    }

    private func fault(_ text: String, kind: QuestKind, target: String) throws -> FieldError? {
        let criteria = try QuestCriteria(parsing: text)
        let target = try FixedDecimal(parsing: target)
        do throws(FieldError) {
            try criteria.check(kind: kind, target: target)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        (#"{"counts": "each"}"#, "event"), (#"{"event": "lesson.read", "counts": "each"}"#, "event"),
        (#"{"event": "transaction.posted", "counts": "each"}"#, "types"),
        (#"{"event": "transaction.posted", "types": [], "counts": "each"}"#, "types"),
        (#"{"event": "transaction.posted", "types": ["deposit", "deposit"], "counts": "each"}"#, "types"),
        (#"{"event": "transaction.posted", "types": ["fee"], "counts": "each"}"#, "types"),
        (#"{"event": "transaction.posted", "types": "deposit", "counts": "each"}"#, "types"),
        (#"{"event": "transaction.posted", "types": ["deposit"]}"#, "counts"),
        (#"{"event": "transaction.posted", "types": ["deposit"], "counts": "some"}"#, "counts"),
        (#"{"event": "transaction.posted", "types": ["deposit"], "counts": "amount"}"#, "currency"),
        (
            #"{"event": "transaction.posted", "types": ["deposit"], "counts": "amount", "currency": "usd"}"#,
            "currency"
        ),
        (#"{"event": "transaction.posted", "types": ["buy"], "counts": "distinct"}"#, "by"),
        (#"{"event": "transaction.posted", "types": ["buy"], "counts": "distinct", "by": "day"}"#, "by"),
        (#"{"event": "transaction.posted", "types": ["buy"], "counts": "each", "by": "instrument"}"#, "by"),
        (
            #"{"event": "transaction.posted", "types": ["deposit"], "counts": "each", "currency": "USD"}"#,
            "currency"
        ),
        (#"{"event": "transaction.posted", "types": ["deposit"], "counts": "each", "run": "now()"}"#, "run"),
        (#"{"event": "user.email_verified", "counts": "days"}"#, "counts"),
        (#"{"event": "user.email_verified", "counts": "each", "types": ["buy"]}"#, "types"),
        ("[]", ""), ("{", ""),
    ])
    func whatIsWrongIsNamed(text: String, field: String) {
        #expect(fault(text)?.field == field)
    }

    /// Whatever can be said is read back as it was said.
    @Test func criteriaAreReadAsTheyWereWritten() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<500 {
            let types = QuestCriteria.countableTypes.shuffled(using: &generator)
                .prefix(Int.random(in: 1...5, using: &generator))
            let counts = [
                #""each""#, #""days""#, #""months""#, #""amount", "currency": "CHF""#,
                #""distinct", "by": "\#(QuestCriteria.Subject.allCases.randomElement(using: &generator)!.rawValue)""#,
            ].randomElement(using: &generator)!
            let names = types.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
            let criteria = try QuestCriteria(
                parsing: #"{"event": "transaction.posted", "types": [\#(names)], "counts": \#(counts)}"#)
            #expect(criteria.types == Set(types))
            #expect(try QuestCriteria(parsing: criteria.json) == criteria)
        }
    }

    /// The rule that the number of trades is not rewarded, in all its disguises.
    @Test(arguments: [
        (#""types": ["buy"], "counts": "each""#, QuestKind.oneTime, "2", "target"),
        (#""types": ["buy", "sell"], "counts": "each""#, .oneTime, "10", "target"),
        (#""types": ["deposit", "sell"], "counts": "each""#, .seasonal, "2", "target"),
        (#""types": ["buy"], "counts": "days""#, .oneTime, "5", "target"),
        (#""types": ["buy"], "counts": "amount", "currency": "USD""#, .oneTime, "1000", "criteria.counts"),
        (#""types": ["sell"], "counts": "distinct", "by": "instrument""#, .oneTime, "3", "target"),
        (#""types": ["sell"], "counts": "months""#, .oneTime, "3", "target"),
        (#""types": ["buy"], "counts": "each""#, .daily, "1", "kind"),
        (#""types": ["buy"], "counts": "distinct", "by": "instrument""#, .weekly, "3", "kind"),
    ])
    func tradingIsNotRewarded(members: String, kind: QuestKind, target: String, field: String) throws {
        let found = try fault(#"{"event": "transaction.posted", \#(members)}"#, kind: kind, target: target)
        #expect(found?.field == field)
        #expect(found?.reason.contains("the number of trades is not rewarded") == true)
    }

    @Test(arguments: [
        (#""types": ["buy"], "counts": "each""#, QuestKind.oneTime, "1"),
        (#""types": ["buy"], "counts": "distinct", "by": "instrument""#, .oneTime, "10"),
        (#""types": ["buy"], "counts": "months""#, .oneTime, "12"),
        (#""types": ["deposit"], "counts": "amount", "currency": "USD""#, .oneTime, "0.5"),
        (#""types": ["deposit"], "counts": "days""#, .weekly, "7"),
        (#""types": ["deposit"], "counts": "each""#, .daily, "1"),
    ])
    func whatIsRewardedIsAdmitted(members: String, kind: QuestKind, target: String) throws {
        let found = try fault(#"{"event": "transaction.posted", \#(members)}"#, kind: kind, target: target)
        #expect(found == nil)
    }

    @Test(arguments: [
        (
            #"{"event": "transaction.posted", "types": ["deposit"], "counts": "each"}"#, QuestKind.oneTime,
            "1.5"
        ),
        (#"{"event": "transaction.posted", "types": ["deposit"], "counts": "days"}"#, .weekly, "8"),
        (#"{"event": "transaction.posted", "types": ["deposit"], "counts": "days"}"#, .daily, "2"),
        (#"{"event": "user.email_verified", "counts": "each"}"#, .oneTime, "2"),
    ])
    func whatCannotBeReachedIsRefused(text: String, kind: QuestKind, target: String) throws {
        let found = try fault(text, kind: kind, target: target)
        #expect(found?.field == "target")
    }

    @Test func whatCountsIsWhatIsSaid() throws {
        let (portfolio, instrument) = (Portfolio.ID.version7(at: .now), Instrument.ID.version7(at: .now))
        let moment = Date(timeIntervalSince1970: 1_795_000_000)
        func fact(_ type: TransactionType, _ amount: Int = 7, _ currency: Currency = .usd) -> QuestFact {
            QuestFact(
                event: .transactionPosted, key: "k", at: moment, zone: .utc,
                posting: .init(
                    type: type, portfolio: portfolio, instrument: type == .deposit ? nil : instrument,
                    isInstrumentShared: true, amount: FixedDecimal(amount), currency: currency))
        }
        func count(_ members: String, _ fact: QuestFact) throws -> QuestContribution? {
            try QuestCriteria(parsing: #"{"event": "transaction.posted", \#(members)}"#).contribution(
                of: fact)
        }
        let one = FixedDecimal(1)
        let each = #""types": ["deposit"], "counts": "each""#
        #expect(try count(each, fact(.deposit)) == QuestContribution(amount: one, subject: nil))
        #expect(try count(each, fact(.buy)) == nil)
        let amount = #""types": ["deposit"], "counts": "amount", "currency": "USD""#
        #expect(try count(amount, fact(.deposit))?.amount == FixedDecimal(7))
        #expect(try count(amount, fact(.deposit, 7, .eur)) == nil)
        #expect(try count(amount, fact(.deposit, 0)) == nil)
        let distinct = #""types": ["buy", "deposit"], "counts": "distinct", "by": "instrument""#
        #expect(try count(distinct, fact(.buy))?.subject == instrument.description)
        #expect(try count(distinct, fact(.deposit)) == nil)
        let months = #""types": ["deposit"], "counts": "months""#
        #expect(try count(months, fact(.deposit))?.subject == "2026-11")
    }

    @Test func achievementsAndRewardsAreReadStrictly() throws {
        let criteria = try AchievementCriteria(parsing: #"{"quest": "save_today", "times": 10}"#)
        #expect(criteria.quest == "save_today" && criteria.times == 10)
        #expect(
            throws: FieldError(field: "criteria.times", reason: "must be 1 for a quest that is done once")
        ) {
            try criteria.check(kind: .oneTime)
        }
        let faults = [
            #"{"times": 1}"#: "quest", #"{"quest": "a", "times": 0}"#: "times",
            #"{"quest": "Has Spaces"}"#: "quest", #"{"quest": "a", "streak": 3}"#: "streak",
        ]
        for (text, field) in faults {
            #expect { try AchievementCriteria(parsing: text) } throws: {
                ($0 as? FieldError)?.field == field
            }
        }
        for reward in [Reward.experience(100), .badge("root"), .theme("leaf")] {
            #expect(try Reward(parsing: reward.json) == reward)
        }
        let rewards = [
            #"{"kind": "gold", "amount": 1}"#: "kind", #"{"kind": "experience"}"#: "amount",
            #"{"kind": "experience", "amount": "1"}"#: "amount", #"{"kind": "badge", "amount": 1}"#: "code",
            #"{"kind": "badge", "code": "a", "amount": 1}"#: "amount",
        ]
        for (text, field) in rewards {
            #expect { try Reward(parsing: text) } throws: { ($0 as? FieldError)?.field == field }
        }
    }
}
