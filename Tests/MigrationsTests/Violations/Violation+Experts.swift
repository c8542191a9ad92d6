import GroveFactories

/// What the constraints of Experts refuse.
extension Violation {
    static let experts: [String: [Violation]] = [
        "experts.ai_experts_code_check": [["code": "!"]],
        "experts.ai_experts_name_check": [["name": String(repeating: "x", count: 81)], ["name": " "]],
        "experts.ai_experts_persona_check": [["persona": String(repeating: "x", count: 4001)]],
        "experts.ai_experts_provider_check": [
            ["provider": ""],
            ["provider": String(repeating: "x", count: 101)],
        ],
        "experts.ai_experts_revision_check": [["revision": "0"]],
        "experts.ai_experts_specialty_check": [
            ["specialty": ""],
            ["specialty": String(repeating: "x", count: 201)],
        ],
        "experts.ai_tips_body_check": [["body": ""], ["body": String(repeating: "x", count: 4001)]],
        "experts.ai_tips_confidence_check": [["confidence": "-1"], ["confidence": "101"]],
        "experts.ai_tips_evidence_check": [
            ["evidence": #"{"figure": "80", "source": "x", "at": "y"}"#],
            ["evidence": "[" + evidence(characters: 65537) + "]"],
        ],
        "experts.ai_tips_evidence_present_check": [["evidence": "[]"]],
        "experts.ai_tips_evidence_source_check": [
            ["evidence": #"[{"figure": "80", "at": "2026-01-05T09:00:00Z"}]"#]
        ],
        "experts.ai_tips_expires_at_check": [["expires_at": nine]],
        "experts.ai_tips_falsified_if_check": [
            ["falsified_if": ""],
            ["falsified_if": String(repeating: "x", count: 1001)],
        ],
        "experts.ai_tips_portfolio_check": [["portfolio_id": nil]],
        "experts.ai_tips_resolved_at_check": [["resolved_at": ten]],
        "experts.ai_tips_revision_check": [["revision": "0"]],
        "experts.ai_tips_title_check": [["title": ""], ["title": String(repeating: "x", count: 201)]],
        "experts.ai_tips_trigger_key_check": [
            ["trigger_key": ""],
            ["trigger_key": String(repeating: "x", count: 201)],
        ],
        "experts.ai_tips_user_fkey": [["user_id": "<nobody>", "portfolio_id": nil, "kind": "learning"]],
        "experts.expert_records_counts_check": [
            ["right_count": "-1"],
            ["wrong_count": "-1"],
            ["unclear_count": "-1"],
        ],
        "experts.expert_records_horizon_days_check": [["horizon_days": "0"], ["horizon_days": "3651"]],
        "experts.feed_interactions_order_check": [
            ["opened_at": noon],
            ["shown_at": eleven, "opened_at": ten, "acted_at": eleven],
        ],
        "experts.feed_interactions_priority_check": [["priority": "-1"], ["priority": "1001"]],
        "experts.feed_interactions_shown_check": [
            ["shown_count": "0"],
            ["shown_count": "-1", "shown_at": nil, "opened_at": nil, "acted_at": nil],
        ],
        "experts.feed_items_action_check": [["action": ""], ["action": String(repeating: "x", count: 81)]],
        "experts.feed_items_body_check": [["body": String(repeating: "x", count: 2001)]],
        "experts.feed_items_ends_at_check": [["ends_at": nine]],
        "experts.feed_items_priority_check": [["priority": "-1"], ["priority": "1001"]],
        "experts.feed_items_revision_check": [["revision": "0"]],
        "experts.feed_items_target_check": [["target": ""], ["target": String(repeating: "x", count: 201)]],
        "experts.feed_items_title_check": [["title": ""], ["title": String(repeating: "x", count: 201)]],
        "experts.tip_scores_evidence_check": [["evidence": "{}"]],
        "experts.tip_scores_horizon_days_check": [["horizon_days": "0"], ["horizon_days": "3651"]],
        "experts.user_ai_interactions_answer_check": [
            ["kind": "liked"],
            ["answer": ""],
            ["answer": String(repeating: "x", count: 16001)],
        ],
        "experts.user_ai_interactions_latency_milliseconds_check": [["latency_milliseconds": "-1"]],
        "experts.user_ai_interactions_message_check": [
            ["message": nil],
            ["message": ""],
            ["message": String(repeating: "x", count: 4001)],
        ],
        "experts.user_ai_interactions_rating_check": [["rating": "0"], ["rating": "6"]],
        "experts.user_ai_interactions_tokens_check": [["tokens": "-1"]],
        "experts.user_ai_interactions_user_fkey": [["user_id": "<nobody>", "tip_id": nil]],
    ]
}
