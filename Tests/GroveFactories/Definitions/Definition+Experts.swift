/// Experts, their tips and the feed.
extension Definition {
    static let experts: [String: Definition] = [
        "experts.ai_experts": Definition(
            [
                "code": "vera_<n>", "name": "Vera", "specialty": "Diversification", "persona": "Calm.",
                "risk_profile": "balanced", "provider": "rules", "active": "true",
            ]),
        "experts.ai_tips": Definition(
            [
                "kind": "concentration", "trigger_key": "investment.completed:<n>",
                "title": "One share is most of it", "body": "ACME is 80 %.", "confidence": "80",
                "impact": "high",
                "evidence":
                    #"[{"figure": "80", "source": "portfolios.portfolio_holdings", "at": "2026-01-05T09:00:00Z"}]"#,
                "falsified_if": "its weight falls below 40 % by itself", "status": "active",
                "valid_from": nine, "expires_at": aMonthLater, "portfolio_id": "<parent>",
            ],
            states: [
                "status=dismissed": ["resolved_at": ten],
                "status=acted": ["resolved_at": ten],
                "status=expired": ["resolved_at": ten],
            ]),
        "experts.tip_scores": Definition(
            [
                "horizon_days": "<n>", "outcome": "right", "evidence": "[]", "scored_at": aMonthLater,
            ]),
        "experts.expert_records": Definition(
            [
                "kind": "fees", "horizon_days": "<n>", "right_count": "1", "wrong_count": "0",
                "unclear_count": "0",
            ]),
        "experts.feed_items": Definition(
            [
                "kind": "basket", "target": "world", "title": "World", "body": "", "action": "See it",
                "priority": "10", "starts_at": nine, "ends_at": aMonthLater, "status": "active",
            ]),
        "experts.feed_interactions": Definition(
            [
                "priority": "10", "shown_count": "1", "shown_at": nine, "opened_at": ten,
                "acted_at": eleven,
            ]),
        "experts.user_ai_interactions": Definition(
            [
                "kind": "question", "rating": "5", "message": "Why?", "answer": "Because.",
                "latency_milliseconds": "800", "tokens": "120", "tip_id": "<parent>",
            ],
            states: [
                "kind=viewed": ["answer": nil],
                "kind=liked": ["answer": nil],
                "kind=disliked": ["answer": nil],
                "kind=dismissed": ["answer": nil],
                "kind=acted": ["answer": nil],
            ]),
    ]
}
