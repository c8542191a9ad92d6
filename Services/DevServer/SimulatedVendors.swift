import ExactTypes
import Foundation
import Market
import ServiceKit
import SharedTypes
import VendorFakes

/// Fake vendors on this machine that serve the simulated market, so that its prices arrive as a vendor's would.
///
/// The environment decides: a provider whose address or key it gives is asked itself, by the same code.
struct SimulatedVendors: Sendable {
    let market: SimulatedMarket
    private let bank: FakeServer
    private let coins: FakeServer
    private let stocks: FakeServer

    static func start(through last: CalendarDay) async throws -> SimulatedVendors {
        let market = try SimulatedMarket(through: last)
        let symbols = SimulatedMarket.instruments.map { ($0.symbol, $0.instrumentClass == .crypto) }
        var (bars, coins): ([String: [AlpacaFake.Bar]], [String: [CoinGeckoFake.Close]]) = ([:], [:])
        for (symbol, isCoin) in symbols {
            let series = market.bars[symbol] ?? []
            if isCoin {
                coins[symbol] = try closes(series, through: last)
            } else {
                bars[symbol] = series.map(bar)
            }
        }
        return SimulatedVendors(
            market: market, bank: try await .start(ECBFake(days: rates(market.rates))),
            coins: try await .start(CoinGeckoFake(coins: coins)),
            stocks: try await .start(AlpacaFake(bars: bars)))
    }

    /// The configuration of Market: what the environment says, and the fakes for what it leaves out.
    func configuration(environment: [String: String]) async throws -> MarketConfiguration {
        var merged = environment
        if environment["ECB_URL"] == nil { merged["ECB_URL"] = bank.url }
        if environment["COINGECKO_API_KEY"] == nil {
            merged["COINGECKO_URL"] = "\(coins.url)/api/v3"
            merged["COINGECKO_API_KEY"] = "key"
            merged["COINGECKO_REQUESTS_PER_MINUTE"] = "60000"
        }
        if environment["ALPACA_API_KEY_ID"] == nil {
            merged["ALPACA_DATA_URL"] = stocks.url
            merged["ALPACA_API_KEY_ID"] = "key"
            merged["ALPACA_API_SECRET_KEY"] = "secret"
            merged["ALPACA_REQUESTS_PER_MINUTE"] = "60000"
        }
        var settings = try await Settings.load(environment: merged)
        let configuration = MarketConfiguration(from: &settings)
        try settings.finish()
        return configuration
    }

    func stop() async {
        for server in [bank, coins, stocks] { await server.stop() }
    }

    private static func bar(_ bar: PriceBar) -> AlpacaFake.Bar {
        AlpacaFake.Bar(
            bar.day, open: "\(bar.open)", high: "\(bar.high)", low: "\(bar.low)", close: "\(bar.close)",
            volume: "\(bar.volume)")
    }

    /// A coin has a close on a weekend too: that of the Friday.
    private static func closes(
        _ bars: [PriceBar], through last: CalendarDay
    ) throws -> [CoinGeckoFake.Close] {
        try zip(bars, bars.dropFirst().map(Optional.some) + [nil]).flatMap { bar, next in
            let days = bar.day.days(until: try next?.day ?? last.advanced(by: 1))
            return try (0..<days).map { CoinGeckoFake.Close(try bar.day.advanced(by: $0), "\(bar.close)") }
        }
    }

    /// What one euro buys, by day.
    private static func rates(_ entries: [ExchangeRateTable.Entry]) throws -> [ECBFake.Day] {
        let table = ExchangeRateTable(entries)
        return Set(entries.map(\.day)).map { day in
            let rates = [Currency.chf, .gbp, .jpy, .usd].compactMap { currency in
                table.rate(from: .eur, to: currency, on: day).map { ECBFake.Rate(currency, "\($0.rate)") }
            }
            return ECBFake.Day(day, rates)
        }
    }
}
