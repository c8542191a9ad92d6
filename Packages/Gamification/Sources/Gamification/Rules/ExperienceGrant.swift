import ExactTypes
import Foundation
import SharedTypes

/// Points for a subject, which has them once.
struct ExperienceGrant: Hashable, Sendable {
    let amount: Int
    let reason: ExperienceReason
    /// What the points are for. They are granted once, unless they were taken back since.
    let subject: String
    /// nil where nothing but the subject limits them.
    var dailyLimit: DailyLimit?

    /// How much a day gives at most for a kind of fact that earns by itself: a file of 300 instruments is one evening's
    /// work, and no year of diversifying.
    struct DailyLimit: Hashable, Sendable {
        /// What the subjects of the kind begin with.
        let subjectPrefix: String
        /// In points.
        let points: Int
        /// The user's day.
        let day: Range<Date>
    }
}

extension ExperienceGrant {
    /// Points for a deposit, the first of each day on which one is recorded.
    static let saving = 10
    /// Points for the first purchase of an instrument.
    static let diversifying = 15

    /// What a fact earns by itself, whatever the quests. Nothing here grows with the number of trades:
    /// however often somebody buys and sells, an instrument is new once, and a day is saved on once.
    static func direct(for fact: QuestFact) -> ExperienceGrant? {
        guard let posting = fact.posting, posting.earns else { return nil }
        let day = fact.zone.start(of: fact.day)..<fact.zone.start(of: fact.day, after: 1)
        switch posting.type {
        case .deposit:
            return ExperienceGrant(
                amount: saving, reason: .saving, subject: "deposit:\(fact.day)",
                dailyLimit: DailyLimit(subjectPrefix: "deposit:", points: saving, day: day))
        case .buy:
            return posting.instrument.map {
                ExperienceGrant(
                    amount: diversifying, reason: .diversifying, subject: "instrument.bought:\($0)",
                    dailyLimit: DailyLimit(
                        subjectPrefix: "instrument.bought:", points: 3 * diversifying, day: day))
            }
        default: return nil
        }
    }
}
