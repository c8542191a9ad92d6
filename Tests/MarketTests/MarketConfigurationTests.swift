import Foundation
import GroveTesting
import ServiceKit
import Testing

@testable import Market

/// Which providers an environment turns on.
@Suite struct MarketConfigurationTests {
    private func names(_ environment: [String: String]) async throws -> [String] {
        var settings = try await Settings.load(environment: environment)
        let configuration = MarketConfiguration(from: &settings)
        try settings.finish()
        return configuration.providers.keys.sorted()
    }

    @Test func aProviderWithoutItsKeyIsOff() async throws {
        #expect(try await names([:]) == ["ECB"])
        #expect(try await names(["ECB_URL": "off"]) == [])
        #expect(try await names(["COINGECKO_API_KEY": "k"]) == ["COINGECKO", "ECB"])
        #expect(
            try await names(["ALPACA_API_KEY_ID": "k", "ALPACA_API_SECRET_KEY": "s"]) == ["ALPACA", "ECB"])
        var settings = try await Settings.load(environment: ["COINGECKO_API_KEY": "k"])
        #expect(MarketConfiguration(from: &settings).namesOff == ["ALPACA"])
    }

    @Test func thePlanDecidesTheHostAndTheHeader() async throws {
        var settings = try await Settings.load(
            environment: ["COINGECKO_API_KEY": "k", "COINGECKO_PLAN": "pro"])
        let provider = MarketConfiguration(from: &settings).providers["COINGECKO"] as? CoinGeckoProvider
        #expect(provider?.access.url == "https://pro-api.coingecko.com/api/v3")
        #expect(provider?.access.plan.header == "x-cg-pro-api-key")
    }

    @Test(
        arguments: [
            ["ALPACA_API_KEY_ID": "hush"], ["ALPACA_API_SECRET_KEY": "hush"],
            ["ECB_URL": "http://example.com"],
            ["ECB_URL": "ftp://example.com"], ["COINGECKO_URL": "https://hush@example.com"],
            ["ALPACA_DATA_URL": "https://example.com/?key=hush"], ["COINGECKO_PLAN": "free"],
            ["ALPACA_FEED": "all"], ["COINGECKO_REQUESTS_PER_MINUTE": "0"],
        ])
    func whatIsWrongIsNamed(_ environment: [String: String]) async throws {
        await #expect {
            _ = try await names(environment)
        } throws: { error in
            let key = environment.keys.first ?? ""
            return "\(error)".contains(key.hasPrefix("ALPACA_API") ? "ALPACA_API" : key)
                && !"\(error)".contains("hush")
        }
    }

    /// What a program on this machine serves needs no TLS; all else does.
    @Test func aFakeOfThisMachineIsTaken() async throws {
        #expect(try await names(["ECB_URL": "http://127.0.0.1:8081/"]) == ["ECB"])
    }
}
