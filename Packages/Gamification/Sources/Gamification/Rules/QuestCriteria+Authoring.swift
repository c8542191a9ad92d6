import ExactTypes
import SharedTypes

extension QuestCriteria {
    /// Refuses a quest that could not be reached, or that would reward trading.
    ///
    /// People are rewarded for saving, diversifying and learning, never for the number of trades: who is paid
    /// for trading trades more, pays more fees and earns less. A purchase or sale may count once (the first
    /// one), a purchase also by what is new about it or by the months of a plan. So refused are: several
    /// purchases or sales, days of trading, their turnover, and any of them again each day or week.
    func check(kind: QuestKind, target: FixedDecimal) throws(FieldError) {
        try checkTrading(kind: kind, target: target)
        if case .amount = counting {
        } else if !target.isWhole {
            throw FieldError(field: "target", reason: "must be whole, since it is a count")
        }
        if event != .transactionPosted {
            guard kind == .oneTime else {
                throw FieldError(field: "kind", reason: "must be one_time for \(event.rawValue)")
            }
            guard target == FixedDecimal(1) else {
                throw FieldError(field: "target", reason: "must be 1 for \(event.rawValue)")
            }
        }
        try checkReachable(kind: kind, target: target)
    }

    private func checkTrading(kind: QuestKind, target: FixedDecimal) throws(FieldError) {
        guard isTrading else { return }
        let rule = "the number of trades is not rewarded"
        guard kind == .oneTime || kind == .seasonal else {
            throw FieldError(
                field: "kind", reason: "must be one_time or seasonal with buy or sell: \(rule)")
        }
        let once = FixedDecimal(1)
        switch counting {
        case .amount:
            throw FieldError(
                field: "criteria.counts", reason: "must not be amount with buy or sell: \(rule)")
        case .each, .days:
            guard target <= once else {
                throw FieldError(field: "target", reason: "must be 1 with buy or sell: \(rule)")
            }
        case .distinct, .months:
            guard !types.contains(.sell) || target <= once else {
                throw FieldError(field: "target", reason: "must be 1 with sell: \(rule)")
            }
        }
    }

    private func checkReachable(kind: QuestKind, target: FixedDecimal) throws(FieldError) {
        switch (counting, kind) {
        case (.days, .daily) where target > FixedDecimal(1):
            throw FieldError(field: "target", reason: "must be 1: a daily quest has one day")
        case (.days, .weekly) where target > FixedDecimal(7):
            throw FieldError(field: "target", reason: "must be at most 7: a week has seven days")
        case (.months, .daily), (.months, .weekly):
            throw FieldError(field: "kind", reason: "must be one_time or seasonal to count months")
        default: break
        }
    }
}
