import ExactTypes

/// How far a quest is, clamped at its target.
struct QuestProgress: Hashable, Sendable {
    let amount: FixedDecimal
    let target: FixedDecimal

    var isComplete: Bool { amount == target }

    init(_ amount: FixedDecimal, of target: FixedDecimal) {
        self.amount = min(max(amount, .zero), target)
        self.target = target
    }

    /// What leaves the range of amounts is past every target.
    func adding(_ more: FixedDecimal) -> QuestProgress {
        guard let sum = try? amount + more else { return QuestProgress(target, of: target) }
        return QuestProgress(sum, of: target)
    }
}
