import ExactTypes
import Foundation
import SharedTypes
import Testing

@testable import Portfolios

@Suite struct ListingResolverTests {
    private func candidate(
        _ source: String, _ exchange: String = "", _ currency: Currency = .usd, own: Bool = false
    ) -> ListingResolver.Candidate {
        .init(
            id: Instrument.ID(UUID()), source: source, exchange: exchange, symbol: "GOOG", currency: currency,
            isOwn: own)
    }

    private func listing(_ source: String?, _ exchange: String = "") -> ActivityListing {
        ActivityListing(source: source, exchange: exchange, symbol: "GOOG")
    }

    @Test func theUsersOwnComesBeforeASharedOne() {
        let (shared, own) = (candidate("YAHOO"), candidate("YAHOO", own: true))
        #expect(ListingResolver([shared, own]).find(listing("YAHOO"), currency: .usd) == own)
        #expect(ListingResolver([shared]).find(listing("YAHOO"), currency: .eur) == shared)
    }

    @Test func whatARowDoesNotSayMayBeAnything() {
        let listed = candidate("YAHOO", "XNAS")
        let resolver = ListingResolver([listed])
        #expect(resolver.find(listing("YAHOO"), currency: .usd) == listed)
        #expect(resolver.find(listing(nil), currency: .usd) == listed)
        #expect(resolver.find(listing(nil), currency: .eur) == nil)
        #expect(resolver.find(listing("COINGECKO"), currency: .usd) == nil)
        #expect(resolver.find(listing("YAHOO", "XETR"), currency: .usd) == nil)
    }

    @Test func whatThePortfolioHoldsIsMeantThoughTheCatalogueGrew() {
        let (held, newcomer) = (candidate("YAHOO"), candidate("STOOQ"))
        #expect(ListingResolver([held, newcomer]).find(listing(nil), currency: .usd) == nil)
        #expect(
            ListingResolver([held, newcomer], held: [held.id]).find(listing(nil), currency: .usd) == held)
    }

    @Test func ofSeveralNoneIsGuessed() {
        let resolver = ListingResolver([candidate("YAHOO", "XNAS"), candidate("STOOQ", "XNAS")])
        #expect(resolver.find(listing(nil), currency: .usd) == nil)
        let manual = candidate("MANUAL", own: true)
        #expect(ListingResolver([candidate("YAHOO"), manual]).find(listing(nil), currency: .usd) == manual)
    }
}
