import ExactTypes
import Foundation
import SharedTypes

@testable import Portfolios

/// The rules of `LotBook` in their plainest form: every transaction looks at every lot, the average is spread over all of
/// them and returned capital taken off each. What the book says must be what this says, but for the rounding of each lot.
struct ReferenceLotBook {
    let method: CostBasisMethod
    private(set) var currency: Currency?
    private(set) var lots: [TaxLot] = []
    private(set) var closures: [TaxLotClosure] = []
    private(set) var quantity = Quantity.zero
    /// What a unit of a lot costs; sales leave it as it is.
    private var unitCosts: [Transaction.ID: FixedDecimal] = [:]

    init(method: CostBasisMethod) { self.method = method }

    private var open: [Int] { lots.indices.filter { lots[$0].isOpen } }

    mutating func take(_ transaction: LedgerTransaction) throws {
        if transaction.type != .split {
            currency = currency ?? transaction.currency
            guard currency == transaction.currency else { throw LedgerFault(transaction, .nothingHeld) }
        }
        switch transaction.type {
        case .buy, .transferIn, .adjustment: try acquire(transaction)
        case .sell, .transferOut: try dispose(transaction)
        case .split: try split(transaction)
        case .returnOfCapital: try returnCapital(transaction)
        case .deposit, .withdrawal, .dividend, .interest, .fee: break
        }
    }

    private mutating func acquire(_ transaction: LedgerTransaction) throws {
        let (units, fees) = (try transaction.units(), try transaction.feesOfTrade())
        let cost = try transaction.grossAmount + fees
        quantity = try quantity + units
        unitCosts[transaction.id] = try cost.divided(by: units)
        lots.append(
            TaxLot(
                openedBy: transaction.id, openedAt: transaction.executedAt, quantity: units, remaining: units,
                cost: cost, remainingCost: cost, fees: fees, remainingFees: fees))
        if method == .average { try spread() }
    }

    private mutating func spread() throws {
        let weights = open.map { lots[$0].remaining }
        let fees = try open.reduce(FixedDecimal.zero) { try $0 + lots[$1].remainingFees }
        let net = try open.reduce(-fees) { try $0 + lots[$1].remainingCost }
        let (feeParts, netParts) = (
            try Self.apportion(fees, over: weights), try Self.apportion(net, over: weights)
        )
        for (position, index) in open.enumerated() {
            let lot = lots[index]
            let cost = try netParts[position] + feeParts[position]
            lots[index].cost = try lot.cost - lot.remainingCost + cost
            lots[index].fees = try lot.fees - lot.remainingFees + feeParts[position]
            (lots[index].remainingCost, lots[index].remainingFees) = (cost, feeParts[position])
        }
    }

    /// Differences of cumulative shares, each rounded half-even.
    private static func apportion(
        _ whole: FixedDecimal, over weights: [FixedDecimal]
    ) throws -> [FixedDecimal] {
        let total = try weights.reduce(FixedDecimal.zero) { try $0 + $1 }
        let shares = try weights.indices.map { last in
            try whole.scaled(by: try weights[...last].reduce(.zero) { try $0 + $1 }, over: total)
        }
        return try zip(shares, [.zero] + shares.dropLast()).map { try $0 - $1 }
    }

    private mutating func dispose(_ transaction: LedgerTransaction) throws {
        let units = try transaction.units()
        guard units <= quantity else { throw LedgerFault(transaction, .nothingHeld) }
        var picks: [(lot: Int, quantity: Quantity)] = []
        var missing = units
        if transaction.lots.isEmpty {
            for index in closingOrder() where missing.isPositive {
                picks.append((index, min(missing, lots[index].remaining)))
                missing = try missing - min(missing, lots[index].remaining)
            }
        } else {
            picks = transaction.lots.compactMap { selection in
                lots.firstIndex { $0.openedBy == selection.lot }.map { ($0, selection.quantity) }
            }
        }
        let isSale = transaction.type == .sell
        let weights = picks.map(\.quantity)
        let gross = try Self.apportion(transaction.grossAmount, over: weights)
        let feeParts = try Self.apportion(isSale ? try transaction.feesOfTrade() : .zero, over: weights)
        for (position, pick) in picks.enumerated() {
            let lot = lots[pick.lot]
            let cost = try lot.remainingCost.scaled(by: pick.quantity, over: lot.remaining)
            let costFees = try lot.remainingFees.scaled(by: pick.quantity, over: lot.remaining)
            closures.append(
                try TaxLotClosure(
                    isSale ? .sale : .transfer, of: lot, by: transaction, quantity: pick.quantity,
                    proceeds: isSale ? try gross[position] - feeParts[position] : nil,
                    saleFees: feeParts[position], .init(cost: cost, fees: costFees)))
            lots[pick.lot].remaining = try lot.remaining - pick.quantity
            lots[pick.lot].remainingCost = try lot.remainingCost - cost
            lots[pick.lot].remainingFees = try lot.remainingFees - costFees
        }
        quantity = try quantity - units
    }

    private func closingOrder() -> [Int] {
        switch method {
        case .fifo, .average, .specificLot: return open
        case .lifo: return open.reversed()
        case .hifo:
            // Lots whose costs differ by their rounding alone cost the same.
            return open.sorted { left, right in
                let (here, there) = (unitCost(of: left), unitCost(of: right))
                return here == there ? left < right : here > there
            }
        }
    }

    private func unitCost(of place: Int) -> FixedDecimal {
        (unitCosts[lots[place].openedBy] ?? .zero).rounded(toDecimals: 10)
    }

    private mutating func split(_ transaction: LedgerTransaction) throws {
        guard let ratio = transaction.split else { return }
        for index in open {
            let lot = lots[index]
            unitCosts[lot.openedBy] = try unitCosts[lot.openedBy]?.scaled(by: ratio.from, over: ratio.to)
            lots[index].remaining = try lot.remaining.scaled(by: ratio.to, over: ratio.from)
            if lots[index].isOpen {
                lots[index].quantity = try lot.quantity.scaled(by: ratio.to, over: ratio.from)
            } else {
                closures.append(
                    try TaxLotClosure(
                        .rounding, of: lot, by: transaction, quantity: lot.remaining, proceeds: .zero,
                        .init(cost: lot.remainingCost, fees: lot.remainingFees)))
                (lots[index].remainingCost, lots[index].remainingFees) = (.zero, .zero)
            }
        }
        quantity = try open.reduce(.zero) { try $0 + lots[$1].remaining }
    }

    private mutating func returnCapital(_ transaction: LedgerTransaction) throws {
        guard quantity.isPositive else { throw LedgerFault(transaction, .nothingHeld) }
        let parts = try Self.apportion(transaction.grossAmount, over: open.map { lots[$0].remaining })
        let returned = try transaction.grossAmount.divided(by: quantity)
        for (index, part) in zip(open, parts) {
            let lot = lots[index]
            unitCosts[lot.openedBy] = max(.zero, try (unitCosts[lot.openedBy] ?? .zero) - returned)
            let lowered = min(part, lot.remainingCost)
            lots[index].remainingCost = try lot.remainingCost - lowered
            lots[index].remainingFees = min(lot.remainingFees, lots[index].remainingCost)
            closures.append(
                try TaxLotClosure(
                    .returnOfCapital, of: lot, by: transaction, quantity: .zero, proceeds: part,
                    .init(cost: lowered, fees: try lot.remainingFees - lots[index].remainingFees)))
        }
    }
}
