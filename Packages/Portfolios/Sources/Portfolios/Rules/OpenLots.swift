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
/// A sale looks at the lots that it closes and at one more, however many are open.
struct OpenLots: Sendable {
    private let method: CostBasisMethod
    private(set) var count = 0
    /// How often a lot was looked at so far, so that a test can hold the work against the transactions.
    private(set) var visits = 0
    /// In the order of opening. A lot that was closed leaves when it is the next in turn, or when all are visited.
    private var places: [Int] = []
    /// Where the oldest open lot stands in `places`.
    private var oldest = 0
    /// For the method that closes the dearest lot first.
    private var byUnitCost = Heap<UnitCost>()
    /// For the method by which a sale names its lots.
    private var byOpening: [Transaction.ID: Int] = [:]

    init(method: CostBasisMethod) { self.method = method }

    mutating func append(_ lot: TaxLot, at place: Int) {
        count += 1
        places.append(place)
        if method == .hifo { byUnitCost.insert(UnitCost(lot, at: place)) }
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
        var turn = method == .lifo ? places.count - 1 : oldest
        while missing.isPositive {
            let place: Int
            if method == .hifo {
                guard let dearest = byUnitCost.popMax() else { break }
                place = dearest.place
            } else {
                guard places.indices.contains(turn) else { break }
                place = places[turn]
                turn += method == .lifo ? -1 : 1
            }
            visits += 1
            guard lots[place].isOpen else { continue }
            let taken = min(missing, lots[place].remaining)
            picks.append(LotPick(place: place, quantity: taken))
            missing = try missing - taken
        }
        return picks
    }

    /// Takes note of what became of picked lots: closed, open at another unit cost, or left as they were.
    mutating func update(after picks: [LotPick], in lots: [TaxLot]) {
        for pick in picks {
            if !lots[pick.place].isOpen {
                count -= 1
            } else if method == .hifo {
                byUnitCost.insert(UnitCost(lots[pick.place], at: pick.place))
            }
        }
        while method == .lifo, let last = places.last, !lots[last].isOpen { _ = places.popLast() }
        while oldest < places.count, !lots[places[oldest]].isOpen {
            oldest += 1
            visits += 1
        }
    }

    /// Orders them anew, after all may have changed.
    mutating func restate(_ lots: [TaxLot]) {
        visits += places.count
        places.removeAll { !lots[$0].isOpen }
        (count, oldest) = (places.count, 0)
        if method == .hifo { byUnitCost = Heap(places.map { UnitCost(lots[$0], at: $0) }) }
    }
}

/// What a unit of a lot costs: cost / remaining, compared without a division. Of two equal ones the older is
/// the greater, since it goes first.
private struct UnitCost: Sendable, Comparable {
    let place: Int
    private let cost: FixedDecimal
    private let remaining: Quantity

    init(_ lot: TaxLot, at place: Int) {
        self.place = place
        cost = lot.remainingCost
        remaining = lot.remaining
    }

    static func < (left: UnitCost, right: UnitCost) -> Bool {
        let here = DecimalProduct(left.cost, right.remaining)
        let there = DecimalProduct(right.cost, left.remaining)
        return here == there ? left.place > right.place : here < there
    }
}
