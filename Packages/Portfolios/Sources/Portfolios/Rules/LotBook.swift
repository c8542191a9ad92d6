import ExactTypes
import Foundation
import SharedTypes

/// The cost basis of one instrument in one portfolio: its lots, and what became of them.
///
/// Amounts are in the one currency of the instrument. Nothing is lost to rounding: what all lots cost is what
/// still lies in them plus what their closures took away, to the last decimal.
///
/// A transaction costs what it changes, however many lots are open; only a split and a return of capital change
/// every open lot, and how often that may happen is limited. One that is refused leaves the book as it was.
struct LotBook: Sendable {
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

    /// How often the lots of a portfolio may be restated. Each return of capital leaves a closure for each open
    /// lot: a thousand lots bear forty returns. A posting that is dated back writes all closures of its instrument
    /// anew, for which PostgreSQL alone takes 28 to 31 microseconds each.
    static let maximumRestatements = 40_000

    let instrumentID: Instrument.ID
    let method: CostBasisMethod
    /// The currency of every amount in the book; nil until the first transaction that has one.
    private(set) var currency: Currency?
    /// Every lot that was ever opened, in the order of opening. What open ones cost stands by the average method
    /// once the book is settled.
    private(set) var lots: [TaxLot] = []
    /// In the order in which they happened.
    private(set) var closures: [TaxLotClosure] = []
    private(set) var splits: [Split] = []
    private(set) var lastTrade: TradedPrice?
    /// Units held.
    private(set) var quantity: Quantity = .zero
    /// How often splits and returns of capital changed an open lot.
    private(set) var restatements = 0

    private(set) var open: OpenLots
    private var average = AverageCost()

    init(instrumentID: Instrument.ID, method: CostBasisMethod) {
        self.instrumentID = instrumentID
        self.method = method
        open = OpenLots(method: method)
    }

    /// A book that goes on from open lots, in the order in which they were opened; what was closed before stays
    /// outside it.
    init(
        instrumentID: Instrument.ID, method: CostBasisMethod, currency: Currency, openLots: [TaxLot],
        restatements: Int = 0
    ) throws(ArithmeticError) {
        self.init(instrumentID: instrumentID, method: method)
        self.currency = currency
        self.restatements = restatements
        for lot in openLots { try append(lot) }
    }

    /// The book that these transactions make, whatever order they come in. Those of other instruments are
    /// left out, reversals leave together with what they reverse.
    static func replay(
        _ transactions: some Sequence<LedgerTransaction>, instrumentID: Instrument.ID,
        method: CostBasisMethod,
        maximumRestatements: Int = LotBook.maximumRestatements
    ) throws(LedgerFault) -> LotBook {
        var book = LotBook(instrumentID: instrumentID, method: method)
        let effective = LedgerTransaction.effective(transactions.filter { $0.instrumentID == instrumentID })
        for transaction in effective { try book.take(transaction, maximumRestatements: maximumRestatements) }
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
    ///
    /// - Parameter maximumRestatements: Less than the portfolio's where its other books have a part of them.
    mutating func take(
        _ transaction: LedgerTransaction, maximumRestatements: Int = LotBook.maximumRestatements
    ) throws(LedgerFault) {
        let isSplit = transaction.type == .split
        if let currency, currency != transaction.currency, !isSplit {
            throw LedgerFault(transaction, .otherCurrency(held: currency, found: transaction.currency))
        }
        switch transaction.type {
        case .buy, .transferIn, .adjustment: try acquire(transaction)
        case .sell, .transferOut: try dispose(transaction)
        case .split: try split(transaction, maximumRestatements)
        case .returnOfCapital: try returnCapital(transaction, maximumRestatements)
        case .deposit, .withdrawal, .dividend, .interest, .fee: break
        }
        if currency == nil, !isSplit { currency = transaction.currency }
        guard let price = transaction.unitPrice, price.isPositive else { return }
        if transaction.type == .buy || transaction.type == .sell {
            lastTrade = TradedPrice(amount: price, day: transaction.day)
        }
    }

    /// What all open lots together have of something.
    func total(of figure: KeyPath<TaxLot, FixedDecimal>) throws(ArithmeticError) -> FixedDecimal {
        var total = FixedDecimal.zero
        for lot in lots where lot.isOpen { total = try total + lot[keyPath: figure] }
        return total
    }
}

extension LotBook: Equatable {
    /// Books are equal by what they say, however their open lots happen to be ordered inside.
    static func == (left: LotBook, right: LotBook) -> Bool {
        left.instrumentID == right.instrumentID && left.method == right.method
            && left.currency == right.currency && left.quantity == right.quantity
            && left.lastTrade == right.lastTrade && left.splits == right.splits && left.lots == right.lots
            && left.closures == right.closures && left.restatements == right.restatements
    }
}

// MARK: - Buying and selling

extension LotBook {
    private mutating func acquire(_ transaction: LedgerTransaction) throws(LedgerFault) {
        let units = try transaction.units()
        let fees = try transaction.feesOfTrade()
        try transaction.checked { () throws(ArithmeticError) in
            let cost = try transaction.grossAmount + fees
            try append(
                TaxLot(
                    openedBy: transaction.id, openedAt: transaction.executedAt, quantity: units,
                    remaining: units, cost: cost, remainingCost: cost, fees: fees, remainingFees: fees))
        }
        average.isDue = method == .average
    }

    private mutating func append(_ lot: TaxLot) throws(ArithmeticError) {
        let quantity = try quantity + lot.remaining
        if method == .average { try average.add(lot) }
        self.quantity = quantity
        open.append(lot, at: lots.count)
        lots.append(lot)
    }

    private mutating func dispose(_ transaction: LedgerTransaction) throws(LedgerFault) {
        let units = try transaction.units()
        guard units <= quantity else {
            throw LedgerFault(transaction, .insufficientQuantity(held: quantity, asked: units))
        }
        try transaction.checked { () throws(ArithmeticError) in try average.begin(over: quantity) }
        let picks = try picks(for: units, of: transaction)
        defer { open.update(after: picks, in: lots) }
        let saleFees = transaction.type == .sell ? try transaction.feesOfTrade() : .zero
        try transaction.checked { () throws(ArithmeticError) in
            let left = try quantity - units
            try close(picks, by: transaction, saleFees: saleFees)
            quantity = left
        }
    }

    /// Takes the picked quantities out of their lots. Part of a lot takes its part of the cost, rounded once,
    /// half-even; the rest of a lot takes everything that is left, so that no dust stays at zero units.
    private mutating func close(
        _ picks: [LotPick], by transaction: LedgerTransaction, saleFees: FixedDecimal
    ) throws(ArithmeticError) {
        let weights = picks.map(\.quantity)
        let isSale = transaction.type == .sell
        let gross = try transaction.grossAmount.apportioned(over: weights)
        let feeParts = try saleFees.apportioned(over: weights)
        var closed: [TaxLotClosure] = []
        var left: [TaxLot] = []
        for (position, pick) in picks.enumerated() {
            try average.spread(over: pick.place, in: &lots)
            var lot = lots[pick.place]
            let cost = try lot.remainingCost.scaled(by: pick.quantity, over: lot.remaining)
            let costFees = try lot.remainingFees.scaled(by: pick.quantity, over: lot.remaining)
            closed.append(
                try TaxLotClosure(
                    isSale ? .sale : .transfer, of: lot, by: transaction, quantity: pick.quantity,
                    proceeds: isSale ? try gross[position] - feeParts[position] : cost,
                    saleFees: feeParts[position], cost: cost, costFees: costFees))
            lot.remaining = try lot.remaining - pick.quantity
            lot.remainingCost = try lot.remainingCost - cost
            lot.remainingFees = try lot.remainingFees - costFees
            left.append(lot)
        }
        try store(left, at: picks.map(\.place), closed)
    }

    /// Takes over what became of lots.
    private mutating func store(
        _ changed: [TaxLot], at places: [Int], _ closed: [TaxLotClosure]
    ) throws(ArithmeticError) {
        if method == .average { try average.remove(closed) }
        for (place, lot) in zip(places, changed) { lots[place] = lot }
        closures += closed
    }

    private mutating func picks(
        for units: Quantity, of transaction: LedgerTransaction
    ) throws(LedgerFault) -> [LotPick] {
        guard transaction.lots.isEmpty else { return try named(transaction, units) }
        return try transaction.checked { () throws(ArithmeticError) in
            try open.picks(for: units, from: lots)
        }
    }

    private func named(
        _ transaction: LedgerTransaction, _ units: Quantity
    ) throws(LedgerFault) -> [LotPick] {
        func fault(_ reason: String) -> LedgerFault { LedgerFault(transaction, .lotSelection(reason)) }
        guard method == .specificLot else {
            throw fault("belong to a portfolio whose cost basis is by specific lot")
        }
        var picks: [LotPick] = []
        var taken: Set<Int> = []
        var total = Quantity.zero
        for selection in transaction.lots {
            guard let place = open.place(openedBy: selection.lot, in: lots) else {
                throw fault("name a lot that is not open: \(selection.lot)")
            }
            guard taken.insert(place).inserted else { throw fault("name a lot twice: \(selection.lot)") }
            guard selection.quantity.isPositive, selection.quantity <= lots[place].remaining else {
                throw fault("take \(selection.quantity) of a lot that has \(lots[place].remaining)")
            }
            total = try transaction.checked { () throws(ArithmeticError) in try total + selection.quantity }
            picks.append(LotPick(place: place, quantity: selection.quantity))
        }
        guard total == units else { throw fault("add up to \(total), and not to \(units)") }
        return picks
    }
}

// MARK: - What changes every open lot

extension LotBook {
    /// The places of the open lots, all of which the transaction changes.
    private mutating func restated(
        by transaction: LedgerTransaction, _ maximum: Int
    ) throws(LedgerFault) -> [Int] {
        guard restatements + open.count <= maximum else {
            throw LedgerFault(transaction, .tooManyRestatements)
        }
        try settle(transaction)
        return open.inOrder(lots)
    }

    private mutating func split(
        _ transaction: LedgerTransaction, _ maximumRestatements: Int
    ) throws(LedgerFault) {
        guard let ratio = transaction.split, ratio.to.isPositive, ratio.from.isPositive else {
            throw LedgerFault(transaction, .field("split_to", "must be greater than 0, with split_from"))
        }
        let places = try restated(by: transaction, maximumRestatements)
        try transaction.checked { () throws(ArithmeticError) in
            try restate(places, by: ratio, transaction)
        }
        splits.append(Split(day: transaction.day, ratio: ratio))
        if let price = lastTrade?.amount {
            // A price too large or too small to restate is no price to value anything at.
            lastTrade?.amount = (try? price.scaled(by: ratio.from, over: ratio.to)) ?? .zero
        }
    }

    private mutating func restate(
        _ places: [Int], by ratio: LedgerTransaction.SplitRatio, _ transaction: LedgerTransaction
    ) throws(ArithmeticError) {
        var changed: [TaxLot] = []
        var lost: [TaxLotClosure] = []
        var held = Quantity.zero
        for place in places {
            var lot = lots[place]
            let remaining = try lot.remaining.scaled(by: ratio.to, over: ratio.from)
            if remaining.isPositive {
                lot.quantity = try lot.quantity.scaled(by: ratio.to, over: ratio.from)
            } else {
                lost.append(
                    try TaxLotClosure(
                        .rounding, of: lot, by: transaction, quantity: lot.remaining, proceeds: .zero,
                        cost: lot.remainingCost, costFees: lot.remainingFees))
                (lot.remainingCost, lot.remainingFees) = (.zero, .zero)
            }
            lot.remaining = remaining
            held = try held + remaining
            changed.append(lot)
        }
        try store(changed, at: places, lost)
        quantity = held
        restatements += places.count
        open.restate(lots)
    }

    /// Capital comes back on each unit alike. It lowers the cost of the unit's lot; what goes beyond is gain.
    private mutating func returnCapital(
        _ transaction: LedgerTransaction, _ maximumRestatements: Int
    ) throws(LedgerFault) {
        guard quantity.isPositive else { throw LedgerFault(transaction, .nothingHeld) }
        let places = try restated(by: transaction, maximumRestatements)
        try transaction.checked { () throws(ArithmeticError) in try lowerBasis(of: places, transaction) }
    }

    private mutating func lowerBasis(
        of places: [Int], _ transaction: LedgerTransaction
    ) throws(ArithmeticError) {
        var returned = Apportionment(of: transaction.grossAmount, over: quantity)
        var changed: [TaxLot] = []
        var closed: [TaxLotClosure] = []
        for place in places {
            let lot = lots[place]
            let part = try returned.part(of: lot.remaining)
            let lowered = min(part, lot.remainingCost)
            var left = lot
            left.remainingCost = try lot.remainingCost - lowered
            left.remainingFees = min(lot.remainingFees, left.remainingCost)
            changed.append(left)
            closed.append(
                try TaxLotClosure(
                    .returnOfCapital, of: lot, by: transaction, quantity: .zero, proceeds: part,
                    cost: lowered, costFees: try lot.remainingFees - left.remainingFees))
        }
        try store(changed, at: places, closed)
        restatements += places.count
        open.restate(lots)
    }

    /// Spreads what the open lots cost over all of them, where the method averages and they have changed.
    mutating func settle(_ transaction: LedgerTransaction) throws(LedgerFault) {
        guard average.isDue || average.isUnderWay else { return }
        try transaction.checked { () throws(ArithmeticError) in
            try average.begin(over: quantity)
            for place in open.inOrder(lots) { try average.spread(over: place, in: &lots) }
        }
        average.end()
    }
}
