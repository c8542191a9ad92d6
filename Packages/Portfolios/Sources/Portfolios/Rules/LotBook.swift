import ExactTypes
import Foundation
import SharedTypes

/// The cost basis of one instrument in one portfolio: its lots, and what became of them.
///
/// Amounts are in the one currency of the instrument. Nothing is lost to rounding: what all lots cost is what
/// still lies in them plus what their closures took away, to the last decimal.
///
/// A transaction costs what it changes, however many lots are open: a purchase looks at none, a return of capital at
/// those that it repays. Only a split changes every open lot, and how often that may happen is limited. One that is
/// refused leaves the book as it was.
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

    /// How often splits may change an open lot of a portfolio.
    static let maximumRestatements = 40_000

    let instrumentID: Instrument.ID
    let method: CostBasisMethod
    /// The currency of every amount in the book; nil until the first transaction that has one.
    private(set) var currency: Currency?
    /// Every lot that was ever opened, in the order of opening, as it was last looked at.
    private(set) var lots: [TaxLot] = []
    /// In the order in which they happened.
    private(set) var closures: [TaxLotClosure] = []
    private(set) var splits: [Split] = []
    private(set) var lastTrade: TradedPrice?
    /// What is held, and what it cost.
    private(set) var basis = CostBasis()
    /// How often splits changed an open lot.
    private(set) var restatements = 0

    private(set) var open: OpenLots

    /// Units held.
    var quantity: Quantity { basis.quantity }

    init(instrumentID: Instrument.ID, method: CostBasisMethod) {
        self.instrumentID = instrumentID
        self.method = method
        open = OpenLots(method: method)
    }

    /// A book that goes on from what is held and from those of the open lots that it will look at, in the order in
    /// which they were opened; all else stays outside it.
    init(
        instrumentID: Instrument.ID, method: CostBasisMethod, currency: Currency?, basis: CostBasis,
        openLots: [TaxLot], restatements: Int = 0
    ) {
        self.init(instrumentID: instrumentID, method: method)
        self.currency = currency
        self.basis = basis
        self.restatements = restatements
        for lot in openLots { append(lot) }
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
        return book
    }

    /// Adds a transaction that takes effect after everything in the book. A reversal, and whatever is dated
    /// back, needs a replay.
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
        case .returnOfCapital: try returnCapital(transaction)
        case .deposit, .withdrawal, .dividend, .interest, .fee: break
        }
        if currency == nil, !isSplit { currency = transaction.currency }
        guard let price = transaction.unitPrice, price.isPositive else { return }
        if transaction.type == .buy || transaction.type == .sell {
            lastTrade = TradedPrice(amount: price, day: transaction.day)
        }
    }

    /// The open lots with what they cost by now.
    func openLots() throws(ArithmeticError) -> [TaxLot] {
        var standing: [TaxLot] = []
        for lot in lots where lot.isOpen { standing.append(try basis.standing(lot)) }
        return standing
    }
}

extension LotBook: Equatable {
    /// Books are equal by what they say, however their open lots happen to be ordered inside.
    static func == (left: LotBook, right: LotBook) -> Bool {
        left.instrumentID == right.instrumentID && left.method == right.method
            && left.currency == right.currency && left.basis == right.basis
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
            var lot = TaxLot(
                openedBy: transaction.id, openedAt: transaction.executedAt, quantity: units,
                remaining: units, cost: cost, remainingCost: cost, fees: fees, remainingFees: fees)
            if method != .average { lot.setUnitBasis(at: basis.capitalReturned) }
            try basis.add(lot)
            append(lot)
        }
    }

    private mutating func append(_ lot: TaxLot) {
        open.append(lot, at: lots.count)
        lots.append(lot)
    }

    private mutating func dispose(_ transaction: LedgerTransaction) throws(LedgerFault) {
        let units = try transaction.units()
        guard units <= quantity else {
            throw LedgerFault(transaction, .insufficientQuantity(held: quantity, asked: units))
        }
        let picks = try picks(for: units, of: transaction)
        defer { open.update(after: picks, in: lots) }
        // A book that goes on from too few of the lots would close too little.
        var picked = Quantity.zero
        for pick in picks {
            picked = try transaction.checked { () throws(ArithmeticError) in try picked + pick.quantity }
        }
        guard picked == units else {
            throw LedgerFault(transaction, .insufficientQuantity(held: picked, asked: units))
        }
        let saleFees = transaction.type == .sell ? try transaction.feesOfTrade() : .zero
        try transaction.checked { () throws(ArithmeticError) in
            try close(picks, units, by: transaction, saleFees: saleFees)
        }
    }

    /// Takes the picked quantities out of their lots. Part of a lot takes its part of the cost, rounded once,
    /// half-even; the rest of a lot takes everything that is left, so that no dust stays at zero units.
    private mutating func close(
        _ picks: [LotPick], _ units: Quantity, by transaction: LedgerTransaction, saleFees: FixedDecimal
    ) throws(ArithmeticError) {
        let isSale = transaction.type == .sell
        var gross = Apportionment(of: transaction.grossAmount, over: units)
        var feeParts = Apportionment(of: saleFees, over: units)
        var shares = try method == .average ? AverageShares(of: units, from: basis) : nil
        var next = basis
        var closed: [TaxLotClosure] = []
        var left: [TaxLot] = []
        for pick in picks {
            var lot = method == .average ? lots[pick.place] : try basis.lowered(lots[pick.place])
            let share = try shares?.part(of: pick.quantity)
            let part = if let share { share } else { try next.part(of: lot, pick.quantity) }
            let fees = try feeParts.part(of: pick.quantity)
            let proceeds = try gross.part(of: pick.quantity) - fees
            closed.append(
                try TaxLotClosure(
                    isSale ? .sale : .transfer, of: lot, by: transaction, quantity: pick.quantity,
                    proceeds: isSale ? proceeds : nil, saleFees: fees, part))
            try next.remove(pick.quantity, of: lot, part)
            if method == .average {
                try lot.removeAverage(pick.quantity, part)
            } else {
                try lot.remove(pick.quantity, part)
            }
            left.append(lot)
        }
        // What stays of an average lot is its share of what stays in all.
        if method == .average {
            for index in left.indices { left[index] = try next.averaged(left[index]) }
        }
        for (pick, lot) in zip(picks, left) { lots[pick.place] = lot }
        closures += closed
        basis = next
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

// MARK: - What concerns all open lots

extension LotBook {
    private mutating func split(
        _ transaction: LedgerTransaction, _ maximumRestatements: Int
    ) throws(LedgerFault) {
        guard let ratio = transaction.split, ratio.to.isPositive, ratio.from.isPositive else {
            throw LedgerFault(transaction, .field("split_to", "must be greater than 0, with split_from"))
        }
        guard restatements + open.count <= maximumRestatements else {
            throw LedgerFault(transaction, .tooManyRestatements)
        }
        let places = open.inOrder(lots)
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
        let before = places.map { lots[$0].remaining }
        var next = basis
        (next.quantity, next.repaid, next.capitalReturned) = (.zero, .zero, .zero)
        var changed: [TaxLot] = []
        for place in places {
            var lot = try basis.standing(lots[place])
            lot.remaining = try lot.remaining.scaled(by: ratio.to, over: ratio.from)
            if lot.isOpen { lot.quantity = try lot.quantity.scaled(by: ratio.to, over: ratio.from) }
            // From the figure itself and not from what is left: lots that cost the same go on to do so.
            if let figure = lot.unitBasis, figure.isPositive {
                lot.unitBasis = try (figure - basis.capitalReturned).scaled(by: ratio.from, over: ratio.to)
            }
            lot.capitalReturned = .zero
            try next.quantity += lot.remaining
            if lot.isRepaid { try next.repaid += lot.remaining }
            changed.append(lot)
        }
        var lost: [TaxLotClosure] = []
        let lastLost = next.quantity.isZero ? changed.count - 1 : nil
        for index in changed.indices where !changed[index].isOpen {
            let asked = CostBasis.Part(
                cost: changed[index].remainingCost, fees: changed[index].remainingFees)
            let part = try next.granted(asked, isLast: index == lastLost)
            lost.append(
                try TaxLotClosure(
                    .rounding, of: changed[index], by: transaction, quantity: before[index],
                    proceeds: .zero, part))
            try next.remove(.zero, of: changed[index], part)
            (changed[index].remainingCost, changed[index].remainingFees) = (.zero, .zero)
        }
        for (place, lot) in zip(places, changed) { lots[place] = lot }
        closures += lost
        basis = next
        restatements += places.count
        open.restate(lots)
    }

    /// Capital comes back on each unit alike. It lowers the cost of the unit's lot; what goes beyond is gain.
    private mutating func returnCapital(_ transaction: LedgerTransaction) throws(LedgerFault) {
        guard quantity.isPositive else { throw LedgerFault(transaction, .nothingHeld) }
        try transaction.checked { () throws(ArithmeticError) in
            var next = basis
            let amount = transaction.grossAmount
            guard method != .average else {
                let part = try next.lowerAverage(by: amount)
                return try record(part, of: transaction, next, repaid: [])
            }
            let places = open.takeRepaid(upTo: try basis.capitalReturned(after: amount), in: lots)
            do throws(ArithmeticError) {
                var repaid: [TaxLot] = []
                for place in places { repaid.append(try basis.lowered(lots[place])) }
                let part = try next.lower(by: amount, repaying: repaid)
                try record(part, of: transaction, next, repaid: places)
            } catch {
                open.putBack(places, in: lots)
                throw error
            }
        }
    }

    private mutating func record(
        _ part: CostBasis.Part, of transaction: LedgerTransaction, _ next: CostBasis, repaid: [Int]
    ) throws(ArithmeticError) {
        closures.append(
            try TaxLotClosure(
                .returnOfCapital, of: nil, by: transaction, quantity: .zero,
                proceeds: transaction.grossAmount, part))
        for place in repaid {
            (lots[place].remainingCost, lots[place].remainingFees) = (.zero, .zero)
            (lots[place].unitBasis, lots[place].capitalReturned) = (.zero, next.capitalReturned)
        }
        basis = next
    }
}
