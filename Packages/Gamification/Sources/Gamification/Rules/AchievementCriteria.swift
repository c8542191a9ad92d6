import ExactTypes
import SharedTypes
import StrictJSON

/// What unlocks an achievement: a quest that was completed, or a repeated one so many times.
///
///     {"quest": "week_of_saving", "times": 10}
///
/// So an achievement has no count of its own that could differ from the quest's; what it asks for is written
/// as the quest's criteria and target.
struct AchievementCriteria: Hashable, Sendable {
    /// The quest's code.
    let quest: String
    /// In how many periods.
    let times: Int

    init(parsing text: String) throws(FieldError) {
        var fields = try ObjectReader(parsing: text)
        quest = try fields.code("quest")
        times = try fields.int("times", in: 1...10_000, default: 1)
        try fields.finish()
    }

    /// The criteria as they are stored.
    var json: String { #"{"quest":"\#(quest)","times":\#(times)}"# }

    /// Refuses a count that the quest can never reach.
    func check(kind: QuestKind) throws(FieldError) {
        guard kind != .oneTime || times == 1 else {
            throw FieldError(field: "criteria.times", reason: "must be 1 for a quest that is done once")
        }
    }
}
