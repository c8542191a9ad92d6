import ExactTypes
import Foundation
import SharedTypes

@testable import Portfolios

/// What a row of a history costs to replay, by how many there are.
enum Replays {
    /// Histories that would once have taken the square of their length, and an ordinary one.
    enum Shape: String, CaseIterable {
        case mixed
        case buysThenOneSale = "purchases, then one sale"
        case salesAmongManyLots = "sales among many lots"
        case returnsOnManyLots = "returns of capital on many lots"
        case repaidOneByOne = "lots repaid one by one"
        case namedFromTheMiddle = "lots named from the middle"
    }

    static func measure(sizes: [Int]) throws {
        printHeader("a row of a replay", sizes)
        for method in CostBasisMethod.allCases {
            for shape in Shape.allCases where method == .specificLot || shape != .namedFromTheMiddle {
                var figures: [Double] = []
                for size in sizes {
                    let all = history(shape, method, rows: size)
                    figures.append(try time(all, method) / Double(size))
                }
                printRow("\(method), \(shape.rawValue)", figures, unit: "µs")
            }
        }
    }

    /// The median of as many replays as take a hundred thousand rows together, in microseconds.
    private static func time(_ all: [LedgerTransaction], _ method: CostBasisMethod) throws -> Double {
        let times = try (0..<max(3, 100_000 / all.count)).map { _ in
            let begun = ContinuousClock.now
            _ = try LotBook.replay(all, instrumentID: instrument, method: method, maximumRestatements: .max)
            return (ContinuousClock.now - begun) / .microseconds(1)
        }
        return times.sorted()[times.count / 2]
    }

    private static let instrument = Instrument.ID.version7(at: Postings.start)

    private static func history(_ shape: Shape, _ method: CostBasisMethod, rows: Int) -> [LedgerTransaction] {
        var all: [LedgerTransaction] = []
        func add(
            _ type: TransactionType, _ quantity: Int?, amount: Int,
            lots: [LedgerTransaction.LotSelection] = []
        ) {
            all.append(
                LedgerTransaction(
                    id: .version7(at: Postings.start), type: type, instrumentID: instrument,
                    quantity: quantity.map { FixedDecimal($0) },
                    unitPrice: type == .buy || type == .sell ? FixedDecimal(10) : nil,
                    grossAmount: FixedDecimal(amount), currency: .usd,
                    executedAt: Postings.start + Double(all.count) * 60, lots: lots))
        }
        func price(_ number: Int) -> Int { 10 + number * 7_919 % 10_007 }
        switch shape {
        case .mixed:
            for number in 0..<rows {
                switch number % 10 {
                case 3, 6, 8: add(.sell, 1, amount: 30)
                case 5: add(.dividend, nil, amount: 3)
                case 9: add(.returnOfCapital, nil, amount: 1)
                default: add(.buy, 2, amount: price(number))
                }
            }
        case .buysThenOneSale:
            for number in 0..<rows - 1 { add(.buy, 2, amount: price(number)) }
            add(.sell, 2 * (rows - 1), amount: 10)
        case .salesAmongManyLots:
            for number in 0..<rows / 2 { add(.buy, 2, amount: price(number)) }
            for _ in 0..<rows / 2 { add(.sell, 1, amount: 30) }
        case .returnsOnManyLots:
            for number in 0..<rows / 2 { add(.buy, 2, amount: price(number)) }
            for _ in 0..<rows / 2 { add(.returnOfCapital, nil, amount: 1) }
        case .repaidOneByOne:
            for number in 0..<rows / 2 { add(.buy, 1, amount: number + 1) }
            for _ in 0..<rows / 2 { add(.returnOfCapital, nil, amount: rows / 2) }
        case .namedFromTheMiddle:
            for number in 0..<rows / 2 { add(.buy, 2, amount: price(number)) }
            for number in 1..<rows / 2 {
                add(.sell, 2, amount: 30, lots: [.init(lot: all[number].id, quantity: FixedDecimal(2))])
            }
        }
        return all
    }
}
