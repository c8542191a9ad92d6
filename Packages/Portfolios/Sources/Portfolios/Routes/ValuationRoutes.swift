import ContractKit
import DatabaseClient
import ExactTypes
import Hummingbird
import PortfoliosContract
import ServiceKit
import SharedTypes

/// `/v1/portfolios/{portfolio_id}/valuation` and `/allocation`.
struct ValuationRoutes {
    private typealias API = PortfoliosAPI

    /// So many holdings are written in a few milliseconds.
    private static let shortLines = 500

    let database: Database
    let heavyWork: HeavyWork

    func add(to routes: EndpointRoutes) {
        routes.respond(API.ValuePortfolio.self, value)
        routes.respond(API.FindAllocation.self, findAllocation)
    }

    @Sendable private func value(_ call: Call<API.ValuePortfolio>) async throws -> Response {
        let (id, day, currency) = (
            call.parameters.portfolioID, call.parameters.day, call.parameters.currency
        )
        return try await respond(to: call, valuing: id, on: day, in: currency) {
            .ok(try API.Valuation($0))
        }
    }

    @Sendable private func findAllocation(_ call: Call<API.FindAllocation>) async throws -> Response {
        let (id, day, currency) = (
            call.parameters.portfolioID, call.parameters.day, call.parameters.currency
        )
        return try await respond(to: call, valuing: id, on: day, in: currency) {
            .ok(try API.Allocation($0))
        }
    }

    /// Answers with what follows from a valuation. The user's turn to calculate is held until the answer is written.
    private func respond<E: ReadEndpoint>(
        to call: Call<E>, valuing portfolioID: Portfolio.ID, on day: CalendarDay?, in currency: Currency?,
        _ output: @escaping @Sendable (PortfolioValuation) throws -> E.Output
    ) async throws -> Response {
        try await call.context.whileConnected {
            try await heavyWork.withTurn(for: call.user) { turn in
                let valuation = try await valuePortfolio(
                    portfolioID, of: call.user, on: day ?? CalendarDay(utc: call.now), in: currency,
                    using: database, turn: turn)
                let isLong = valuation.valuation.lines.count > Self.shortLines
                let answer = try await turn.run(isLong: isLong) { _ in
                    Response(E.answer(try output(valuation)))
                }
                return turn.held(until: answer, to: call.context)
            }
        }
    }
}

extension PortfoliosAPI.Allocation {
    /// Throws `.outOfRange` where a sum leaves twenty digits before the point.
    fileprivate init(_ result: PortfolioValuation) throws(PortfoliosError) {
        let valuation = result.valuation
        let instruments = result.instruments
        let allocation: Allocation
        let value: FixedDecimal
        do throws(ArithmeticError) {
            value = try valuation.total.value + valuation.totalCash
            allocation = try Allocation(of: valuation, classes: instruments.mapValues(\.class))
        } catch {
            throw .outOfRange(field: "currency")
        }
        self.init(
            portfolioID: result.portfolio.id, day: valuation.day, currency: valuation.currency,
            complete: valuation.isComplete, value: value,
            instruments: allocation.instruments.map {
                .init(
                    instrumentID: $0.key, symbol: instruments[$0.key]?.symbol ?? "",
                    name: instruments[$0.key]?.name ?? "", value: $0.value, weight: $0.weight)
            },
            classes: allocation.classes.map { .init(class: $0.key, value: $0.value, weight: $0.weight) },
            currencies: allocation.currencies.map {
                .init(currency: $0.key, value: $0.value, weight: $0.weight)
            })
    }
}

extension PortfoliosAPI.Valuation {
    /// Throws `.outOfRange` where a sum leaves twenty digits before the point.
    fileprivate init(_ result: PortfolioValuation) throws(PortfoliosError) {
        let valuation = result.valuation
        let total: Total
        let holdings: [Holding]
        do throws(ArithmeticError) {
            total = Total(
                value: try valuation.total.value + valuation.totalCash, cash: valuation.totalCash,
                figures: try .init(valuation.total), currencyEffect: try .init(valuation.currencyEffect))
            holdings = try valuation.lines.map { line throws(ArithmeticError) in
                try Holding(line, result.instruments[line.instrumentID])
            }
        } catch {
            throw .outOfRange(field: "currency")
        }
        self.init(
            portfolioID: result.portfolio.id, day: valuation.day, currency: valuation.currency,
            complete: valuation.isComplete, total: total, holdings: holdings,
            cash: valuation.cash.map {
                Cash(currency: $0.money.currency, amount: $0.money.amount, converted: $0.converted)
            })
    }
}

extension PortfoliosAPI.Valuation.Holding {
    fileprivate init(_ line: Valuation.Line, _ instrument: FindInstrumentsRow?) throws(ArithmeticError) {
        self.init(
            instrumentID: line.instrumentID, symbol: instrument?.symbol ?? "", name: instrument?.name ?? "",
            currency: line.currency, quantity: line.quantity, averagePrice: line.averagePrice,
            price: line.price.map(Price.init), own: try .init(line.own), converted: try .init(line.converted),
            exchangeRate: line.rate.map { ExchangeRate(rate: $0.rate, asOf: $0.asOf, path: $0.path) },
            currencyEffect: try .init(line.currencyEffect), unavailable: line.gap.map(Unavailable.init))
    }
}

extension PortfoliosAPI.Valuation.Holding.Price {
    fileprivate init(_ price: HoldingPrice) {
        let source: Source =
            switch price.source {
            case .market: .market
            case .owner: .owner
            case .lastTrade: .lastTrade
            }
        self.init(
            amount: price.amount, currency: price.currency, asOf: price.asOf, source: source,
            stale: price.isStale, doubt: price.doubt.map(Doubt.init))
    }
}

extension PortfoliosAPI.Valuation.Holding.Price.Doubt {
    fileprivate init(_ doubt: HoldingPrice.Doubt) {
        self =
            switch doubt {
            case .adjustmentUnknown: .adjustmentUnknown
            case .adjustedForDividends: .adjustedForDividends
            case .differsFromTrade: .differsFromTrade
            case .splitNotBooked: .splitNotBooked
            }
    }
}

extension PortfoliosAPI.Valuation.Holding.Unavailable {
    fileprivate init(_ gap: Valuation.Gap) {
        self =
            switch gap {
            case .noPrice: .noPrice
            case .noExchangeRate: .noExchangeRate
            case .outOfRange: .outOfRange
            }
    }
}

extension PortfoliosAPI.ValuationFigures {
    fileprivate init(_ figures: ValuationFigures) throws(ArithmeticError) {
        self.init(
            value: figures.value, investment: figures.investment, costBasis: try figures.costBasis(),
            unrealizedGain: try figures.unrealizedGain(), realizedGain: figures.realizedGain,
            fees: figures.fees, income: figures.income, grossPerformance: try figures.grossPerformance(),
            netPerformance: try figures.netPerformance())
    }

    fileprivate init?(_ figures: ValuationFigures?) throws(ArithmeticError) {
        guard let figures else { return nil }
        try self.init(figures)
    }
}

extension PortfoliosAPI.CurrencyEffect {
    fileprivate init?(_ effect: CurrencyEffect?) throws(ArithmeticError) {
        guard let effect else { return nil }
        self.init(
            investment: effect.investment, fees: effect.fees, income: effect.income,
            grossPerformance: effect.grossPerformance, netPerformance: try effect.netPerformance(),
            currencyGain: effect.currencyGain)
    }
}
