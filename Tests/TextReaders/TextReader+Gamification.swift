import SharedTypes

@testable import Gamification

extension TextReader {
    static let gamification = [
        TextReader(
            text: "quest-criteria",
            #"{"event": "transaction.posted", "types": ["deposit"], "counts": "amount", "currency": "USD"}"#,
            parse: { try QuestCriteria(parsing: $0) }),
        TextReader(
            text: "achievement-criteria", #"{"quest": "week_of_saving", "times": 10}"#,
            parse: { try AchievementCriteria(parsing: $0) }),
        TextReader(
            text: "reward", #"{"kind": "experience", "amount": 5}"#, #"{"kind": "badge", "code": "first"}"#,
            parse: { try Reward(parsing: $0) }),
    ]
}
