import Foundation
import SharedTypes

/// Points for something, once for good: reason and source are its key.
struct ExperienceGrant: Hashable, Sendable {
    let amount: Int
    let reason: ExperienceReason
    let source: String
}

extension ExperienceGrant {
    /// Points for a deposit, the first of each UTC day on which one is told.
    static let saving = 10
    /// Points for the first purchase of an instrument.
    static let diversifying = 15

    /// What a fact earns by itself, whatever the quests. Nothing here grows with the number of trades:
    /// however often somebody buys and sells, an instrument is new once, and a day is saved on once.
    static func direct(for fact: QuestFact) -> ExperienceGrant? {
        guard let posting = fact.posting else { return nil }
        switch posting.type {
        case .deposit:
            return ExperienceGrant(
                amount: saving, reason: .saving, source: "deposit:\(CalendarDay(utc: fact.at))")
        case .buy:
            return posting.instrument.map {
                ExperienceGrant(
                    amount: diversifying, reason: .diversifying, source: "instrument.bought:\($0)")
            }
        default: return nil
        }
    }
}
