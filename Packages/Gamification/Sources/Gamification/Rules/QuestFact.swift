import Foundation
import SharedTypes

/// What happened, as far as quests ask.
struct QuestFact: Hashable, Sendable {
    /// What a transaction says of itself.
    struct Posting: Hashable, Sendable {
        let type: TransactionType
        let portfolio: Portfolio.ID
        let instrument: Instrument.ID?
        let amount: FixedDecimal
        let currency: Currency
    }

    let event: QuestCriteria.Event
    /// The event's natural key.
    let key: String
    /// When it was told, by which periods go: not when a transaction was executed, since who imports ten
    /// years has not kept ten years of daily quests.
    let at: Date
    let posting: Posting?

    /// Type and natural key, by which it counts once.
    var source: String { "\(event.rawValue):\(key)" }
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
            guard let type = fact.posting?.type, types.contains(type) else { return nil }
        }
        let one = FixedDecimal(1)
        switch counting {
        case .each: return QuestContribution(amount: one, subject: nil)
        case .days: return QuestContribution(amount: one, subject: CalendarDay(utc: fact.at).description)
        case .months:
            return QuestContribution(
                amount: one, subject: String(CalendarDay(utc: fact.at).description.dropLast(3)))
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
