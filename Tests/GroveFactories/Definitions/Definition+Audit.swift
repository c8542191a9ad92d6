/// Who did what.
extension Definition {
    static let audit: [String: Definition] = [
        "audit.entries": Definition(
            [
                "actor_kind": "user", "actor": "ada", "service": "portfolios",
                "action": "portfolio.renamed", "entity": "portfolios.portfolio", "entity_id": "p1",
                "before": #"{"name": "A"}"#, "after": #"{"name": "B"}"#, "request_id": "r1",
            ])
    ]
}
