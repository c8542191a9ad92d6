import ExactTypes
import Foundation
import ServiceKit
import SharedTypes
import StrictJSON

extension GhostfolioFile {
    /// An activity that Ghostfolio does not know, and so is left out of its file.
    struct Omission: Sendable, Hashable {
        let type: TransactionType
        let day: CalendarDay
    }

    /// How many figures of a file may be restated for splits: each activity for each split behind it.
    static let maximumRestatements = 2_000_000

    /// At most so many figures have to be restated.
    static func restatements(of activities: [ExportedActivity]) -> Int {
        let ofInstruments = Dictionary(grouping: activities.map(\.entry), by: \.instrumentID)
        return ofInstruments.values.reduce(0) { sum, entries in
            sum + entries.count * entries.count { $0.type == .split }
        }
    }

    /// What of a portfolio the format can carry.
    ///
    /// Ghostfolio knows no splits: what was traded before one is restated in the shares of today. Units that came
    /// or left without a trade become a purchase or a sale at cost. Deposits, withdrawals and returned capital
    /// have no place there, and are told.
    static func carried(
        _ activities: [ExportedActivity], by portfolio: PortfolioBook
    ) throws(LedgerFault) -> (activities: [ExportedActivity], omitted: [Omission]) {
        let splits = Dictionary(
            grouping: activities.map(\.entry).filter { $0.type == .split }, by: \.instrumentID)
        let transfers = Dictionary(
            grouping: portfolio.books.values.flatMap { $0.closures.filter { $0.kind == .transfer } },
            by: \.closedBy)
        var carried: [ExportedActivity] = []
        var omitted: [Omission] = []
        for activity in activities {
            var entry = activity.entry
            switch entry.type {
            case .buy, .sell, .dividend, .fee, .interest: break
            case .transferIn, .adjustment: entry.type = .buy
            case .transferOut:
                entry.type = .sell
                // What the units had cost.
                entry.grossAmount = try entry.checked { () throws(ArithmeticError) in
                    var cost = FixedDecimal.zero
                    for closure in transfers[entry.id] ?? [] { cost = try cost + closure.cost }
                    return cost
                }
            case .split: continue
            case .deposit, .withdrawal, .returnOfCapital:
                omitted.append(Omission(type: entry.type, day: entry.day))
                continue
            }
            for split in splits[entry.instrumentID] ?? [] where LedgerTransaction.precedes(entry, split) {
                entry = try restated(entry, by: split)
            }
            carried.append(
                ExportedActivity(
                    entry: try priced(entry), listing: activity.listing, name: activity.name,
                    note: activity.note))
        }
        return (carried, omitted)
    }

    private static func restated(
        _ entry: LedgerTransaction, by split: LedgerTransaction
    ) throws(LedgerFault) -> LedgerTransaction {
        guard let ratio = split.split, let quantity = entry.quantity else { return entry }
        var entry = entry
        entry.quantity = try entry.checked { () throws(ArithmeticError) in
            try quantity.scaled(by: ratio.to, over: ratio.from)
        }
        entry.unitPrice = nil
        return entry
    }

    /// The unit price that gives the amount, since the format has no amounts.
    private static func priced(_ entry: LedgerTransaction) throws(LedgerFault) -> LedgerTransaction {
        guard let quantity = entry.quantity, quantity.isPositive else { return entry }
        var entry = entry
        let gross = entry.grossAmount
        entry.unitPrice = try entry.checked { () throws(ArithmeticError) in
            if let price = entry.unitPrice,
                try LedgerTransaction.gross(quantity: quantity, unitPrice: price) == gross
            {
                return price
            }
            return try gross.divided(by: quantity)
        }
        return entry
    }

    /// Writes the file. Its `meta` tells what was left out.
    static func write(_ activities: [ExportedActivity], omitted: [Omission], at now: Date) -> String {
        var profiles: [ActivityListing: JSONValue] = [:]
        for activity in activities {
            guard let listing = activity.listing else { continue }
            profiles[listing] = .object([
                "currency": .string(activity.entry.currency.code), "dataSource": .string(source(of: listing)),
                "name": .string(activity.name ?? listing.symbol), "symbol": .string(listing.symbol),
            ])
        }
        let file = JSONValue.object([
            "meta": .object([
                "date": .string(now.rfc3339), "version": .string("grove"),
                "omitted": .array(
                    omitted.map {
                        .object(["type": .string($0.type.rawValue), "date": .string("\($0.day)")])
                    }),
            ]),
            "accounts": .array([]),
            "assetProfiles": .array(profiles.sorted { $0.key.symbol < $1.key.symbol }.map(\.value)),
            "activities": .array(activities.compactMap(json)),
        ])
        return file.text
    }

    private static func source(of listing: ActivityListing) -> String { listing.source ?? manualSource }

    private static func json(_ activity: ExportedActivity) -> JSONValue? {
        let entry = activity.entry
        guard let type = ActivityType.allCases.first(where: { $0.transactionType == entry.type }),
            let fees = try? entry.feesOfTrade()
        else { return nil }
        // A fee's amount stands in the field of fees; income without units is one unit of itself.
        let isFee = type == .fee
        let units = entry.quantity ?? (isFee ? .zero : FixedDecimal(1))
        let price = isFee ? .zero : (entry.quantity == nil ? entry.grossAmount : entry.unitPrice ?? .zero)
        let fee = isFee ? (try? entry.grossAmount + fees) ?? fees : fees
        return .object([
            "accountId": .null, "comment": activity.note.map(JSONValue.string) ?? .null,
            "currency": .string(entry.currency.code),
            "dataSource": .string(activity.listing.map(source) ?? manualSource),
            "date": .string(entry.executedAt.rfc3339), "fee": .number(decimal(fee)),
            "id": .string(entry.id.description), "quantity": .number(decimal(units)),
            "symbol": .string(activity.listing?.symbol ?? activity.note.flatMap(symbol) ?? type.rawValue),
            "type": .string(type.rawValue), "unitPrice": .number(decimal(price)),
        ])
    }

    /// A note in the place of a symbol, where it fits there.
    private static func symbol(_ note: String) -> String? {
        let line = note.prefix { !$0.isNewline }.prefix(100).trimmingCharacters(in: .whitespaces)
        return line.isEmpty ? nil : line
    }

    private static func decimal(_ amount: FixedDecimal) -> Decimal {
        Decimal(string: amount.description, locale: Locale(identifier: "en_US_POSIX")) ?? .nan
    }
}
