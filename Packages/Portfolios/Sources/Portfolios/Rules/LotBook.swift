import Foundation
import SharedTypes

/// The cost basis of one instrument in one portfolio: its lots, and what became of them.
///
/// Amounts are in the one currency of the instrument. Nothing is lost to rounding: what all lots cost is what
/// still lies in them plus what their closures took away, to the last decimal.
struct LotBook: Sendable, Hashable {
    /// The price of the latest trade, restated for the splits since.
    struct TradedPrice: Sendable, Hashable {
        var amount: FixedDecimal
        let day: CalendarDay
    }

    /// A split that took effect.
    struct Split: Sendable, Hashable {
        let day: CalendarDay
        let ratio: LedgerTransaction.SplitRatio
    }

    let instrumentID: Instrument.ID
    let method: CostBasisMethod
    /// The currency of every amount in the book; nil until the first transaction that has one.
    private(set) var currency: Currency?
    /// Every lot that was ever opened, in the order of opening.
    private(set) var lots: [TaxLot] = []
    /// In the order in which they happened.
    private(set) var closures: [TaxLotClosure] = []
    private(set) var splits: [Split] = []
    private(set) var lastTrade: TradedPrice?
    /// Units held.
    private(set) var quantity: Quantity = .zero

    /// Where the open lots stand in `lots`, in the order of opening.
    private var open: [Int] = []
    /// The average is spread once, when somebody looks, and not after each of a row of purchases.
    private var isAverageDue = false

    init(instrumentID: Instrument.ID, method: CostBasisMethod) {
        self.instrumentID = instrumentID
        self.method = method
    }

    /// A book that goes on from open lots, in the order in which they were opened; what was closed before stays
    /// outside it.
    init(
        instrumentID: Instrument.ID, method: CostBasisMethod, currency: Currency, openLots: [TaxLot]
    ) throws(ArithmeticError) {
        self.init(instrumentID: instrumentID, method: method)
        self.currency = currency
        lots = openLots
        open = Array(openLots.indices)
        quantity = try total(of: \.remaining)
    }

    /// The book that these transactions make, whatever order they come in. Those of other instruments are
    /// left out, reversals leave together with what they reverse.
    static func replay(
        _ transactions: some Sequence<LedgerTransaction>, instrumentID: Instrument.ID, method: CostBasisMethod
    ) throws(LedgerFault) -> LotBook {
        var book = LotBook(instrumentID: instrumentID, method: method)
        let effective = LedgerTransaction.effective(transactions.filter { $0.instrumentID == instrumentID })
        for transaction in effective { try book.take(transaction) }
        if let last = effective.last { try book.settle(last) }
        return book
    }

    /// Adds a transaction that takes effect after everything in the book. A reversal, and whatever is dated
    /// back, needs a replay.
    mutating func apply(_ transaction: LedgerTransaction) throws(LedgerFault) {
        try take(transaction)
        try settle(transaction)
    }

    /// What `apply` does, but for the averaging that waits until somebody looks.
    mutating func take(_ transaction: LedgerTransaction) throws(LedgerFault) {
        switch transaction.type {
        case .buy, .transferIn, .adjustment: try acquire(transaction)
        case .sell, .transferOut: try dispose(transaction)
        case .split: try split(transaction)
        case .returnOfCapital: try returnCapital(transaction)
        case .deposit, .withdrawal, .dividend, .interest, .fee: try adopt(transaction)
        }
        guard let price = transaction.unitPrice, price.isPositive else { return }
        if transaction.type == .buy || transaction.type == .sell {
            lastTrade = TradedPrice(amount: price, day: transaction.day)
        }
    }

    private mutating func adopt(_ transaction: LedgerTransaction) throws(LedgerFault) {
        guard let currency else { return currency = transaction.currency }
        guard currency == transaction.currency else {
            throw LedgerFault(transaction, .otherCurrency(held: currency, found: transaction.currency))
        }
    }
}

extension LotBook {
    private mutating func acquire(_ transaction: LedgerTransaction) throws(LedgerFault) {
        try adopt(transaction)
        let units = try transaction.units()
        let fees = try transaction.feesOfTrade()
        let cost = try transaction.checked { () throws(ArithmeticError) in try transaction.grossAmount + fees
        }
        quantity = try transaction.checked { () throws(ArithmeticError) in try quantity + units }
        open.append(lots.count)
        lots.append(
            TaxLot(
                openedBy: transaction.id, openedAt: transaction.executedAt, quantity: units, remaining: units,
                cost: cost, remainingCost: cost, fees: fees, remainingFees: fees))
        isAverageDue = method == .average
    }

    private mutating func dispose(_ transaction: LedgerTransaction) throws(LedgerFault) {
        try adopt(transaction)
        try settle(transaction)
        let units = try transaction.units()
        guard units <= quantity else {
            throw LedgerFault(transaction, .insufficientQuantity(held: quantity, asked: units))
        }
        let picks = try picks(for: units, of: transaction)
        let saleFees = transaction.type == .sell ? try transaction.feesOfTrade() : .zero
        let closed = try transaction.checked { () throws(ArithmeticError) in
            try close(picks, by: transaction, saleFees: saleFees)
        }
        closures += closed
        quantity = try transaction.checked { () throws(ArithmeticError) in try quantity - units }
        open.removeAll { !lots[$0].isOpen }
    }

    /// Takes the picked quantities out of their lots. Part of a lot takes its part of the cost, rounded once,
    /// half-even; the rest of a lot takes everything that is left, so that no dust stays at zero units.
    private mutating func close(
        _ picks: [(lot: Int, quantity: Quantity)], by transaction: LedgerTransaction, saleFees: FixedDecimal
    ) throws(ArithmeticError) -> [TaxLotClosure] {
        let weights = picks.map(\.quantity)
        let isSale = transaction.type == .sell
        let gross = try transaction.grossAmount.apportioned(over: weights)
        let feeParts = try saleFees.apportioned(over: weights)
        var closed: [TaxLotClosure] = []
        for (position, pick) in picks.enumerated() {
            let lot = lots[pick.lot]
            let cost = try lot.remainingCost.scaled(by: pick.quantity, over: lot.remaining)
            let costFees = try lot.remainingFees.scaled(by: pick.quantity, over: lot.remaining)
            closed.append(
                try TaxLotClosure(
                    isSale ? .sale : .transfer, of: lot, by: transaction, quantity: pick.quantity,
                    proceeds: isSale ? try gross[position] - feeParts[position] : cost,
                    saleFees: feeParts[position], cost: cost, costFees: costFees))
            lots[pick.lot].remaining = try lot.remaining - pick.quantity
            lots[pick.lot].remainingCost = try lot.remainingCost - cost
            lots[pick.lot].remainingFees = try lot.remainingFees - costFees
        }
        return closed
    }

    private func picks(
        for units: Quantity, of transaction: LedgerTransaction
    ) throws(LedgerFault) -> [(lot: Int, quantity: Quantity)] {
        guard transaction.lots.isEmpty else { return try named(transaction, units) }
        var picks: [(lot: Int, quantity: Quantity)] = []
        var missing = units
        for lot in closingOrder() where missing.isPositive {
            let taken = min(missing, lots[lot].remaining)
            picks.append((lot, taken))
            missing = try transaction.checked { () throws(ArithmeticError) in try missing - taken }
        }
        return picks
    }

    /// The open lots, the first to close first. Where lots are chosen one by one and a sale chooses none, the
    /// oldest go first, as tax offices have it.
    private func closingOrder() -> [Int] {
        switch method {
        case .fifo, .average, .specificLot: open
        case .lifo: open.reversed()
        case .hifo:
            // cost / remaining, compared without a division; of two equal ones the older goes first.
            open.sorted { left, right in
                let (a, b) = (lots[left], lots[right])
                let dearer = Int128(a.remainingCost.units) * Int128(b.remaining.units)
                let cheaper = Int128(b.remainingCost.units) * Int128(a.remaining.units)
                return dearer == cheaper ? left < right : dearer > cheaper
            }
        }
    }

    private func named(
        _ transaction: LedgerTransaction, _ units: Quantity
    ) throws(LedgerFault) -> [(lot: Int, quantity: Quantity)] {
        func fault(_ reason: String) -> LedgerFault { LedgerFault(transaction, .lotSelection(reason)) }
        guard method == .specificLot else {
            throw fault("belong to a portfolio whose cost basis is by specific lot")
        }
        var picks: [(lot: Int, quantity: Quantity)] = []
        var total = Quantity.zero
        for selection in transaction.lots {
            guard let lot = open.first(where: { lots[$0].openedBy == selection.lot }) else {
                throw fault("name a lot that is not open: \(selection.lot)")
            }
            guard !picks.contains(where: { $0.lot == lot }) else {
                throw fault("name a lot twice: \(selection.lot)")
            }
            guard selection.quantity.isPositive, selection.quantity <= lots[lot].remaining else {
                throw fault("take \(selection.quantity) of a lot that has \(lots[lot].remaining)")
            }
            total = try transaction.checked { () throws(ArithmeticError) in try total + selection.quantity }
            picks.append((lot, selection.quantity))
        }
        guard total == units else { throw fault("add up to \(total), and not to \(units)") }
        return picks
    }
}

extension LotBook {
    private mutating func split(_ transaction: LedgerTransaction) throws(LedgerFault) {
        guard let ratio = transaction.split, ratio.to.isPositive, ratio.from.isPositive else {
            throw LedgerFault(transaction, .field("split_to", "must be greater than 0, with split_from"))
        }
        try settle(transaction)
        let lost = try transaction.checked { () throws(ArithmeticError) in
            try restate(by: ratio, transaction)
        }
        closures += lost
        open.removeAll { !lots[$0].isOpen }
        splits.append(Split(day: transaction.day, ratio: ratio))
    }

    private mutating func restate(
        by ratio: LedgerTransaction.SplitRatio, _ transaction: LedgerTransaction
    ) throws(ArithmeticError) -> [TaxLotClosure] {
        var lost: [TaxLotClosure] = []
        var held = Quantity.zero
        for index in open {
            let lot = lots[index]
            let remaining = try lot.remaining.scaled(by: ratio.to, over: ratio.from)
            if remaining.isPositive {
                lots[index].quantity = try lot.quantity.scaled(by: ratio.to, over: ratio.from)
            } else {
                lost.append(
                    try TaxLotClosure(
                        .rounding, of: lot, by: transaction, quantity: lot.remaining, proceeds: .zero,
                        cost: lot.remainingCost, costFees: lot.remainingFees))
                (lots[index].remainingCost, lots[index].remainingFees) = (.zero, .zero)
            }
            lots[index].remaining = remaining
            held = try held + remaining
        }
        quantity = held
        if let price = lastTrade?.amount {
            // A price too large or too small to restate is no price to value anything at.
            lastTrade?.amount = (try? price.scaled(by: ratio.from, over: ratio.to)) ?? .zero
        }
        return lost
    }

    /// Capital comes back on each unit alike. It lowers the cost of the unit's lot; what goes beyond is gain.
    private mutating func returnCapital(_ transaction: LedgerTransaction) throws(LedgerFault) {
        try adopt(transaction)
        guard quantity.isPositive else { throw LedgerFault(transaction, .nothingHeld) }
        try settle(transaction)
        closures += try transaction.checked { () throws(ArithmeticError) in
            try lowerBasis(transaction)
        }
    }

    private mutating func lowerBasis(_ transaction: LedgerTransaction) throws(ArithmeticError)
        -> [TaxLotClosure]
    {
        let parts = try transaction.grossAmount.apportioned(over: open.map { lots[$0].remaining })
        var closed: [TaxLotClosure] = []
        for (index, part) in zip(open, parts) {
            let lot = lots[index]
            let lowered = min(part, lot.remainingCost)
            lots[index].remainingCost = try lot.remainingCost - lowered
            lots[index].remainingFees = min(lot.remainingFees, lots[index].remainingCost)
            closed.append(
                try TaxLotClosure(
                    .returnOfCapital, of: lot, by: transaction, quantity: .zero, proceeds: part,
                    cost: lowered,
                    costFees: lot.remainingFees - lots[index].remainingFees))
        }
        return closed
    }
}

extension LotBook {
    /// What all open lots together have of something.
    func total(of figure: KeyPath<TaxLot, FixedDecimal>) throws(ArithmeticError) -> FixedDecimal {
        var total = FixedDecimal.zero
        for index in open { total = try total + lots[index][keyPath: figure] }
        return total
    }

    /// Spreads what the open lots cost over them, in proportion to what remains of each. Fees and the rest go
    /// apart, so that no lot has more fees than cost.
    mutating func settle(_ transaction: LedgerTransaction) throws(LedgerFault) {
        guard isAverageDue else { return }
        isAverageDue = false
        guard open.count > 1 else { return }
        try transaction.checked { () throws(ArithmeticError) in
            let weights = open.map { lots[$0].remaining }
            let fees = try total(of: \.remainingFees)
            let net = try total(of: \.remainingCost) - fees
            let (feeParts, netParts) = try (fees.apportioned(over: weights), net.apportioned(over: weights))
            for (position, index) in open.enumerated() {
                let cost = try netParts[position] + feeParts[position]
                let lot = lots[index]
                lots[index].cost = try lot.cost - lot.remainingCost + cost
                lots[index].fees = try lot.fees - lot.remainingFees + feeParts[position]
                lots[index].remainingCost = cost
                lots[index].remainingFees = feeParts[position]
            }
        }
    }
}
