import SchemaAnalysis
import Testing

struct NamingTests {
    @Test(
        arguments: [
            ("portfolio_id", "portfolioID"), ("id", "id"), ("avatar_url", "avatarURL"),
            ("instrument_ids", "instrumentIDs"),
            ("created_at", "createdAt"), ("url", "url"), ("idea", "idea"),
        ])
    func properties(_ name: String, _ expected: String) { #expect(Naming.property(name) == expected) }

    @Test(
        arguments: [
            ("portfolios", "portfolio"), ("transaction_fees", "transaction_fee"),
            ("audit_entries", "audit_entry"),
            ("lot_closures", "lot_closure"), ("addresses", "address"), ("boxes", "box"), ("batches", "batch"),
            ("status", "status"), ("class", "class"), ("purchases", "purchase"), ("price_bars", "price_bar"),
            ("statuses", "status"), ("order_statuses", "order_status"), ("series", "series"),
            ("news", "news"),
            ("indices", "index"), ("people", "person"), ("data", "data"), ("analysis", "analysis"),
            ("movies", "movie"), ("houses", "house"), ("caches", "cache"),
        ])
    func singulars(_ name: String, _ expected: String) { #expect(Naming.singular(name) == expected) }

    @Test func typesAndKeywords() {
        #expect(Naming.type("transaction_type") == "TransactionType")
        #expect(Naming.escaped("class") == "`class`")
        #expect(Naming.escaped("open") == "open")
    }
}
