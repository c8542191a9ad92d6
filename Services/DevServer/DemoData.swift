import ExactTypes
import Foundation
import Gamification
import Market
import SharedTypes
import Synchronization
import Users

/// A demo user with a realistic portfolio over the simulated market, and an operator. Putting it in again changes
/// nothing.
struct DemoData: Sendable {
    /// The invented market, as the fake vendors serve it.
    let simulated: SimulatedMarket

    static let email = "demo@example.com"
    static let password = "grow a small forest"
    static let operatorEmail = "operator@example.com"
    static let operatorPassword = "tend the whole garden"
    static let portfolio = "Demo portfolio"

    /// Prices, a verified account and the catalogue of quests come from the modules; all else goes over HTTP, as a
    /// user's requests do.
    func seed(_ modules: Modules, url: String, console: Console) async throws {
        console.step("Seeding the simulated market and the demo user")
        try await modules.market.seedSimulatedInstruments()
        try await readPrices(modules.market, console: console)
        try await modules.gamification.seedDemoCatalogue()
        try await register(Self.email, Self.password, at: modules.users)
        try await register(Self.operatorEmail, Self.operatorPassword, at: modules.users)
        try await UsersModule.setOperator(
            true, email: Self.operatorEmail, on: modules.usersDatabase, at: Date())
        let client = DemoClient(url: url)
        try await client.logIn(email: Self.email, password: Self.password)
        let portfolio = try await client.portfolio(named: Self.portfolio)
        let answer = try await client.importCSV(try Self.activities(in: simulated), into: portfolio)
        console.detail("demo portfolio: \(answer)")
    }

    /// Reads from the providers what is new, as an operator's backfill does.
    private func readPrices(_ market: MarketModule, console: Console) async throws {
        let ofInstruments = SimulatedMarket.instruments.map { instrument in
            Backfill(
                provider: instrument.instrumentClass == .crypto ? "COINGECKO" : "ALPACA", kind: .bars,
                symbol: instrument.symbol, source: SimulatedMarket.source, from: SimulatedMarket.first)
        }
        let ofRates = Backfill(provider: "ECB", kind: .exchangeRates, from: SimulatedMarket.first)
        let rows = Mutex(0)
        for backfill in [ofRates] + ofInstruments {
            do {
                _ = try await market.backfill(backfill, patience: 5) { progress in
                    rows.withLock { $0 += progress.rows }
                }
            } catch let failure as BackfillFailure {
                // A real vendor, asked with the developer's own key, knows nothing of the simulated market.
                console.fail("\(backfill.provider): \(failure)")
            }
        }
        console.detail("\(rows.withLock { $0 }) bars and rates read from the providers")
    }

    private func register(_ email: String, _ password: String, at users: UsersModule) async throws {
        do {
            _ = try await users.registerVerifiedUser(email: email, password: password)
        } catch UsersError.emailTaken {
            // The account is there since an earlier start.
        }
    }

    /// What the terminal says when all is ready.
    func introduction(url: String) -> String {
        """
          demo      \(Self.email)       password: \(Self.password)
          operator  \(Self.operatorEmail)   password: \(Self.operatorPassword)

        Try it in a second terminal:
          field() { sed "s/.*\\"$1\\":\\"\\([^\\"]*\\)\\".*/\\1/"; }
          TOKEN=$(curl -s \(url)/v1/sessions --json '{"email": "\(Self.email)", "password": "\(Self.password)"}' | field access_token)
          PORTFOLIO=$(curl -s \(url)/v1/portfolios -H "Authorization: Bearer $TOKEN" | field id)
          curl -s "\(url)/v1/portfolios/$PORTFOLIO/valuation?currency=CHF" -H "Authorization: Bearer $TOKEN"
        """
    }

    /// A monthly savings plan in two funds, single buys and sales, dividends and fees, at the simulated closes.
    private static func activities(in market: SimulatedMarket) throws -> String {
        var lines = ["id,date,type,source,symbol,quantity,unit_price,amount,fee,currency"]
        func add(
            _ day: CalendarDay, _ type: String, _ symbol: String, _ figures: String, _ currency: Currency
        ) {
            lines.append(
                "demo-\(lines.count),\(day),\(type),\(symbol.isEmpty ? "" : SimulatedMarket.source),\(symbol),"
                    + "\(figures),\(currency)")
        }
        func trade(_ day: CalendarDay, _ type: String, _ symbol: String, _ quantity: String, fee: String) {
            guard day <= market.last, let close = market.close(of: symbol, on: day) else { return }
            add(day, type, symbol, "\(quantity),\(close),,\(fee)", currency(of: symbol))
        }
        // The plan covers whole past years, so that a later start of the dev server adds no activities.
        for month in 0..<36 {
            guard let day = CalendarDay(year: 2022 + month / 12, month: month % 12 + 1, day: 15) else {
                continue
            }
            trade(day, "buy", "GLEF", "3", fee: "1.50")
            trade(day, "buy", "EUEF", "2.5", fee: "1.20")
            guard month % 3 == 2 else { continue }
            add(day, "dividend", "GLEF", ",,\(6 + month / 3).40,0", .usd)
        }
        let single: [(day: (Int, Int, Int), type: String, symbol: String, quantity: String, fee: String)] = [
            ((2022, 3, 9), "buy", "NWSW", "12", "4.95"), ((2022, 5, 20), "buy", "ALPH", "20", "9.00"),
            ((2022, 9, 1), "buy", "AUTR", "6", "4.95"), ((2023, 2, 14), "buy", "BBLM", "0.35", "3.10"),
            ((2023, 6, 30), "sell", "NWSW", "5", "4.95"), ((2024, 1, 10), "buy", "GVBF", "15", "4.95"),
            ((2024, 3, 18), "sell", "BBLM", "0.1", "2.40"), ((2024, 8, 5), "buy", "NWSW", "4", "4.95"),
            ((2024, 11, 12), "sell", "ALPH", "8", "9.00"),
        ]
        for item in single {
            guard let day = CalendarDay(year: item.day.0, month: item.day.1, day: item.day.2) else {
                continue
            }
            trade(day, item.type, item.symbol, item.quantity, fee: item.fee)
        }
        return lines.joined(separator: "\n")
    }

    private static func currency(of symbol: String) -> Currency {
        SimulatedMarket.instruments.first { $0.symbol == symbol }?.currency ?? .usd
    }
}
