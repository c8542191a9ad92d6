import ExactTypes
import Foundation
import SharedTypes

/// What happened, as far as quests ask.
struct QuestFact: Hashable, Sendable {
    /// What a transaction says of itself.
    struct Posting: Hashable, Sendable {
        let type: TransactionType
        let portfolio: Portfolio.ID
        let instrument: Instrument.ID?
        /// Whether everybody sees the instrument. One that is private to its user is what they made up.
        let isInstrumentShared: Bool
        let amount: FixedDecimal
        let currency: Currency

        /// Whether it can earn anything. Nothing is earned by what a person can make up at no cost: an instrument
        /// that they alone know, a price of 0, an amount below the currency's smallest coin.
        var earns: Bool {
            (instrument == nil || isInstrumentShared) && amount.magnitude >= currency.smallestCoin
        }
    }

    let event: QuestCriteria.Event
    /// The event's natural key.
    let key: String
    /// When it was told, by which periods go: not when a transaction was executed, since who imports ten
    /// years has not kept ten years of daily quests.
    let at: Date
    /// The user's, by which it belongs to a day.
    let zone: IANATimeZone
    let posting: Posting?

    /// Type and natural key, by which it counts once.
    var source: String { "\(event.rawValue):\(key)" }
    /// The day on which it happened, by the user's clock.
    var day: CalendarDay { zone.day(at: at) }
}

/// What a fact adds to a quest before the clamp.
struct QuestContribution: Hashable, Sendable {
    let amount: FixedDecimal
    /// What it stands for, where a quest counts different ones: another fact may stand for the same.
    let subject: String?
}

extension QuestCriteria {
    /// What the fact adds, or nil where it does not count.
    func contribution(of fact: QuestFact) -> QuestContribution? {
        guard fact.event == event else { return nil }
        if event == .transactionPosted {
            guard let posting = fact.posting, types.contains(posting.type), posting.earns else { return nil }
        }
        let one = FixedDecimal(1)
        switch counting {
        case .each: return QuestContribution(amount: one, subject: nil)
        case .days: return QuestContribution(amount: one, subject: fact.day.description)
        case .months:
            return QuestContribution(
                amount: one, subject: String(fact.day.description.dropLast(3)))
        case .amount(let currency):
            guard let posting = fact.posting, posting.currency == currency, !posting.amount.isZero else {
                return nil
            }
            return QuestContribution(amount: posting.amount.magnitude, subject: nil)
        case .distinct(let subject):
            guard let posting = fact.posting, let name = subject.name(in: posting) else { return nil }
            return QuestContribution(amount: one, subject: name)
        }
    }
}

extension QuestCriteria.Subject {
    fileprivate func name(in posting: QuestFact.Posting) -> String? {
        switch self {
        case .instrument: posting.instrument?.description
        case .portfolio: posting.portfolio.description
        case .currency: posting.currency.code
        }
    }
}

extension Currency {
    /// 0.01 dollars, 1 yen.
    fileprivate var smallestCoin: FixedDecimal {
        (0..<minorUnits).reduce(FixedDecimal(1)) { coin, _ in
            (try? coin.divided(by: FixedDecimal(10))) ?? coin
        }
    }
}
