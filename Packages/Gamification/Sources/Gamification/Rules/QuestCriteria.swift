import ExactTypes
import Foundation
import SharedTypes
import StrictJSON

/// What counts towards a quest, and how: a small set of rules that is stored as data and read strictly.
///
///     {"event": "transaction.posted", "types": ["deposit"], "counts": "amount", "currency": "USD"}
struct QuestCriteria: Hashable, Sendable {
    /// The events that contexts send and a quest may wait for.
    enum Event: String, CaseIterable, Sendable {
        case transactionPosted = "transaction.posted"
        case emailVerified = "user.email_verified"
        case profileChanged = "user.profile_changed"
    }

    /// What progress is counted in.
    enum Counting: Hashable, Sendable {
        /// Each event is one.
        case each
        /// How many different ones there are.
        case distinct(Subject)
        /// The sum of the gross amounts in a currency.
        case amount(Currency)
        /// The UTC days with such an event.
        case days
        /// The UTC months with such an event.
        case months
    }

    /// What must differ to count again.
    enum Subject: String, CaseIterable, Sendable {
        case instrument, portfolio, currency
    }

    let event: Event
    /// Which transactions count; empty for other events.
    let types: Set<TransactionType>
    let counting: Counting

    /// The types that may count. Fees, transfers, splits and corrections are nobody's achievement.
    static let countableTypes: [TransactionType] = [.deposit, .dividend, .interest, .buy, .sell]

    /// Whether this counts trades in any way.
    var isTrading: Bool { !types.isDisjoint(with: [.buy, .sell]) }
}

extension QuestCriteria {
    /// Reads criteria as they are stored: an unknown key or value is a fault that names it.
    init(parsing text: String) throws(FieldError) {
        var fields = try ObjectReader(parsing: text)
        event = try fields.enumeration("event", Event.self)
        let counts = try fields.text("counts")
        switch counts {
        case "each": counting = .each
        case "distinct": counting = .distinct(try fields.enumeration("by", Subject.self))
        case "amount": counting = .amount(try fields.currency("currency"))
        case "days": counting = .days
        case "months": counting = .months
        default:
            throw FieldError(
                field: "counts", reason: "must be one of each, distinct, amount, days, months")
        }
        if event == .transactionPosted {
            types = try fields.choices("types", among: Self.countableTypes)
        } else {
            types = []
            guard counting == .each else {
                throw FieldError(field: "counts", reason: "must be each for \(event.rawValue)")
            }
        }
        try fields.finish()
    }

    /// The criteria as they are stored.
    var json: String {
        var members = [#""event":"\#(event.rawValue)""#]
        if !types.isEmpty {
            let names = types.map(\.rawValue).sorted().map { "\"\($0)\"" }.joined(separator: ",")
            members.append(#""types":[\#(names)]"#)
        }
        switch counting {
        case .each: members.append(#""counts":"each""#)
        case .distinct(let subject): members.append(#""counts":"distinct","by":"\#(subject.rawValue)""#)
        case .amount(let currency): members.append(#""counts":"amount","currency":"\#(currency.code)""#)
        case .days: members.append(#""counts":"days""#)
        case .months: members.append(#""counts":"months""#)
        }
        return "{\(members.joined(separator: ","))}"
    }
}
