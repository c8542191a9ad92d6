import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import GroveTesting
import Logging
import PortfoliosContract
import SharedTypes

@testable import Portfolios

/// Does what people do to a portfolio, in any order and on any day, and counts what was accepted.
struct GeneratedOperations {
    let database: Database
    let events: EventLog
    let portfolio: PortfolioRow
    var random: SeededGenerator
    /// Days are drawn from so many; 0 lets every operation follow the one before.
    var daysBack = 400
    var symbols = ["AAA", "BBB", "CCC"]
    private(set) var accepted = 0
    private(set) var refused = 0
    private var step = 0
    private var posted: [Transaction.ID] = []

    init(
        database: Database, portfolio: PortfolioRow, seed: UInt64, daysBack: Int = 400,
        symbols: [String] = ["AAA", "BBB", "CCC"]
    ) {
        self.symbols = symbols
        self.database = database
        // Who only appends, finds no work across users.
        events = EventLog(service: database, worker: database, logger: Logger(label: "test"))
        self.portfolio = portfolio
        self.daysBack = daysBack
        random = SeededGenerator(seed: seed)
    }

    /// Does so many operations; a refusal in the module's words is an answer, any other error is thrown.
    mutating func run(_ count: Int) async throws {
        for _ in 0..<count {
            step += 1
            let new = try await naming(transaction())
            let change = Int.random(in: 0..<10, using: &random)
            let target = change < 3 ? posted.randomElement(using: &random) : nil
            let now = Date()
            do {
                let ids = try await database.transaction(as: portfolio.userID.uuid) { transaction in
                    let context = OperationContext(
                        user: portfolio.userID, transaction: transaction, now: now)
                    switch (target, change) {
                    case (let target?, 0):
                        let correction = try await correctTransaction(
                            target, by: new, in: portfolio.id, events: events, in: context)
                        return [correction.transaction.transaction.id]
                    case (let target?, _):
                        _ = try await reverseTransaction(
                            target, in: portfolio.id, note: nil, events: events, in: context)
                        return []
                    default:
                        return [
                            try await postTransaction(
                                new, to: portfolio.id, events: events, in: context
                            ).transaction.id
                        ]
                    }
                }
                posted += ids
                accepted += 1
            } catch is PortfoliosError {
                refused += 1
            }
        }
    }

    /// Takes back what can be taken back until nothing changes any more; gives how many were left.
    mutating func reverseAll() async throws -> Int {
        var before = Int.max
        while posted.count < before {
            before = posted.count
            var left: [Transaction.ID] = []
            for id in posted.shuffled(using: &random) {
                do {
                    try await database.transaction(as: portfolio.userID.uuid) { transaction in
                        _ = try await reverseTransaction(
                            id, in: portfolio.id, note: nil, events: events,
                            in: OperationContext(
                                user: portfolio.userID, transaction: transaction, now: Date()))
                    }
                } catch PortfoliosError.alreadyReversed {
                    continue
                } catch is PortfoliosError {
                    left.append(id)
                }
            }
            posted = left
        }
        return posted.count
    }

    private mutating func transaction() -> PortfoliosAPI.NewTransaction {
        let types: [TransactionType] = [
            .deposit, .deposit, .buy, .buy, .buy, .buy, .sell, .sell, .sell, .dividend, .withdrawal, .fee,
            .split,
            .returnOfCapital, .transferIn, .transferOut, .adjustment,
        ]
        let type = types.randomElement(using: &random) ?? .buy
        let isMoney = Set<TransactionType>([.deposit, .withdrawal]).contains(type)
        let symbol = symbols.randomElement(using: &random) ?? "AAA"
        let splits: [(Int, Int)] = [(1, 2), (3, 1), (2, 3), (7, 3)]
        let split = splits.randomElement(using: &random) ?? (1, 2)
        let hasUnits = Set<TransactionType>([.buy, .sell, .transferIn, .transferOut, .adjustment]).contains(
            type)
        let hasAmount = Set<TransactionType>([.deposit, .withdrawal, .dividend, .fee, .returnOfCapital])
            .contains(type)
        let isTrade = Set<TransactionType>([.buy, .sell, .transferIn, .adjustment]).contains(type)
        return PortfoliosAPI.NewTransaction(
            type: type, executedAt: moment(),
            instrument: isMoney ? nil : .init(symbol: symbol, currency: CurrencyUnit(.usd)),
            quantity: hasUnits ? amount(upTo: 2_000_000_000) : nil,
            unitPrice: isTrade ? amount(upTo: 10_000_000_000) : nil,
            amount: hasAmount ? amount(upTo: type == .deposit ? 500_000_000_000 : 20_000_000_000) : nil,
            currency: CurrencyUnit(.usd), splitFrom: type == .split ? split.0 : nil,
            splitTo: type == .split ? split.1 : nil,
            fees: isTrade && Bool.random(using: &random)
                ? [.init(kind: .commission, amount: amount(upTo: 300_000_000))] : [])
    }

    /// A sale that names the newest of its lots, where the method lets it and half of the time.
    private mutating func naming(
        _ new: PortfoliosAPI.NewTransaction
    ) async throws -> PortfoliosAPI.NewTransaction {
        guard portfolio.costBasisMethod == .specificLot, Bool.random(using: &random),
            new.type == .sell || new.type == .transferOut, var missing = new.quantity
        else { return new }
        guard let listing = new.instrument,
            let instrument = try await database.acting(as: portfolio.userID.uuid).findListing(
                source: listing.source, exchange: "", symbol: listing.symbol, userID: portfolio.userID)
        else { return new }
        let open = try await database.acting(as: portfolio.userID.uuid).listNewestLots(
            userID: portfolio.userID, portfolioID: portfolio.id, instrumentID: instrument.id, rowLimit: 20,
            rowOffset: 0)
        var lots: [PortfoliosAPI.LotSelection] = []
        for lot in open where missing.isPositive {
            lots.append(.init(openedBy: lot.openedBy, quantity: min(missing, lot.remaining)))
            missing = try missing - min(missing, lot.remaining)
        }
        var naming = new
        naming.lots = missing.isPositive ? [] : lots
        return naming
    }

    /// A figure with eighteen decimals, up to so many units of the eighth.
    private mutating func amount(upTo units: Int64) -> FixedDecimal {
        (try? FixedDecimal(units: Int128.random(in: 1...Int128(units) * 10_000_000_000, using: &random)))
            ?? .zero
    }

    /// Half of the days have the date alone, as in many files, so that several things happen at one moment.
    private mutating func moment() -> Date {
        let start = 1_577_836_800.0
        guard daysBack > 0 else { return Date(timeIntervalSince1970: start + Double(step) * 86_400) }
        let day = Double(Int.random(in: 0..<daysBack, using: &random))
        let seconds = Bool.random(using: &random) ? 0 : Double(Int.random(in: 0..<86_400, using: &random))
        return Date(timeIntervalSince1970: start + day * 86_400 + seconds)
    }
}
