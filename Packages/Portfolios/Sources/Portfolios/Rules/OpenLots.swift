import ExactTypes
import HeapModule
import SharedTypes

/// A part of a lot that a sale takes; the lot by its place in the book.
struct LotPick: Sendable, Hashable {
    let place: Int
    let quantity: Quantity
}

/// The open lots of a book, by their places in it, in the order in which its method closes them.
///
/// A sale looks at the lots that it closes and at one more, a return of capital at those that it repays, however many
/// are open.
struct OpenLots: Sendable {
    private let method: CostBasisMethod
    private(set) var count = 0
    /// How often a lot was looked at so far, so that a test can hold the work against the transactions.
    private(set) var visits = 0
    /// In the order of opening. A lot that was closed leaves when it is the next in turn, or when all are visited.
    private var places: [Int] = []
    /// Where the oldest open lot stands in `places`.
    private var oldest = 0
    /// Those that are not repaid, by what a unit cost. A lot that was closed leaves when it comes up.
    private var byUnitBasis = Heap<UnitBasis>()
    /// For the method by which a sale names its lots.
    private var byOpening: [Transaction.ID: Int] = [:]

    init(method: CostBasisMethod) { self.method = method }

    mutating func append(_ lot: TaxLot, at place: Int) {
        count += 1
        places.append(place)
        if let basis = UnitBasis(lot, at: place) { byUnitBasis.insert(basis) }
        if method == .specificLot { byOpening[lot.openedBy] = place }
    }

    /// The open lot that a transaction opened.
    func place(openedBy transaction: Transaction.ID, in lots: [TaxLot]) -> Int? {
        byOpening[transaction].flatMap { lots[$0].isOpen ? $0 : nil }
    }

    /// All of them, in the order of opening.
    mutating func inOrder(_ lots: [TaxLot]) -> [Int] {
        if places.count > count {
            visits += places.count
            places.removeAll { !lots[$0].isOpen }
            oldest = 0
        }
        return places
    }

    /// What a sale takes of which lots. Where lots are chosen one by one and a sale chooses none, the oldest go
    /// first, as tax offices have it. `update` must follow, whatever comes of the sale.
    mutating func picks(
        for units: Quantity, from lots: [TaxLot]
    ) throws(ArithmeticError) -> [LotPick] {
        var picks: [LotPick] = []
        var missing = units
        while method == .hifo, missing.isPositive, let dearest = byUnitBasis.popMax() {
            visits += 1
            try pick(dearest.place, from: lots, &picks, &missing)
        }
        // By the dearest first, only lots that are repaid are left by now, and go by their age.
        var turn = method == .lifo ? places.count - 1 : oldest
        while missing.isPositive, places.indices.contains(turn) {
            let place = places[turn]
            turn += method == .lifo ? -1 : 1
            visits += 1
            if method == .hifo && !lots[place].isRepaid { continue }
            try pick(place, from: lots, &picks, &missing)
        }
        return picks
    }

    private func pick(
        _ place: Int, from lots: [TaxLot], _ picks: inout [LotPick], _ missing: inout Quantity
    ) throws(ArithmeticError) {
        guard lots[place].isOpen else { return }
        let taken = min(missing, lots[place].remaining)
        picks.append(LotPick(place: place, quantity: taken))
        missing = try missing - taken
    }

    /// Takes note of what became of picked lots: closed, open, or left as they were.
    mutating func update(after picks: [LotPick], in lots: [TaxLot]) {
        for pick in picks {
            let lot = lots[pick.place]
            if !lot.isOpen {
                count -= 1
            } else if method == .hifo, let basis = UnitBasis(lot, at: pick.place) {
                byUnitBasis.insert(basis)
            }
        }
        while method == .lifo, let last = places.last, !lots[last].isOpen { _ = places.popLast() }
        while oldest < places.count, !lots[places[oldest]].isOpen {
            oldest += 1
            visits += 1
        }
    }

    /// The lots of which a unit cost no more than a figure, the cheapest first. They leave the order by what a unit
    /// cost; `putBack` brings them there again.
    mutating func takeRepaid(upTo figure: FixedDecimal, in lots: [TaxLot]) -> [Int] {
        var repaid: [Int] = []
        while let cheapest = byUnitBasis.min, cheapest.figure <= figure {
            _ = byUnitBasis.popMin()
            visits += 1
            if lots[cheapest.place].isOpen { repaid.append(cheapest.place) }
        }
        return repaid
    }

    mutating func putBack(_ places: [Int], in lots: [TaxLot]) {
        byUnitBasis.insert(contentsOf: places.compactMap { UnitBasis(lots[$0], at: $0) })
    }

    /// Orders them anew, after all may have changed.
    mutating func restate(_ lots: [TaxLot]) {
        visits += places.count
        places.removeAll { !lots[$0].isOpen }
        (count, oldest) = (places.count, 0)
        byUnitBasis = Heap(places.compactMap { UnitBasis(lots[$0], at: $0) })
    }
}

/// What a unit of a lot cost. Of two equal ones the older is the greater, since it goes first.
private struct UnitBasis: Sendable, Comparable {
    let place: Int
    let figure: FixedDecimal

    /// Nil where the lot is repaid, or has no such figure.
    init?(_ lot: TaxLot, at place: Int) {
        guard let figure = lot.unitBasis, figure.isPositive else { return nil }
        (self.place, self.figure) = (place, figure)
    }

    static func < (left: UnitBasis, right: UnitBasis) -> Bool {
        left.figure == right.figure ? left.place > right.place : left.figure < right.figure
    }
}
