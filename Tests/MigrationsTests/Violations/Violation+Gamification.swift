import GroveFactories

/// What the constraints of Gamification refuse.
extension Violation {
    static let gamification: [String: [Violation]] = [
        "gamification.achievements_code_check": [["code": "!"]],
        "gamification.achievements_criteria_check": [
            ["criteria": "[]"],
            ["criteria": jsonObject(characters: 16385)],
        ],
        "gamification.achievements_description_check": [
            ["description": String(repeating: "x", count: 1001)]
        ],
        "gamification.achievements_experience_reward_check": [["experience_reward": "-1"]],
        "gamification.achievements_revision_check": [["revision": "0"]],
        "gamification.achievements_title_check": [
            ["title": String(repeating: "x", count: 121)],
            ["title": " "],
        ],
        "gamification.battle_pass_claims_reward_check": [["reward": "[]"]],
        "gamification.battle_pass_claims_user_battle_pass_fkey": [["user_id": "<first.user_id>"]],
        "gamification.battle_pass_tiers_experience_required_check": [
            ["tier": "2", "previous_tier": "1", "previous_experience": "100"],
            ["experience_required": "-1"],
        ],
        "gamification.battle_pass_tiers_free_reward_check": [["free_reward": "[]"]],
        "gamification.battle_pass_tiers_premium_reward_check": [["premium_reward": "[]"]],
        "gamification.battle_pass_tiers_previous_check": [
            ["tier": "2"],
            ["tier": "3", "previous_tier": "1", "previous_experience": "50"],
            ["tier": "2", "previous_tier": "1"],
        ],
        "gamification.battle_pass_tiers_previous_fkey": [
            ["tier": "2", "previous_tier": "1", "previous_experience": "50"]
        ],
        "gamification.battle_pass_tiers_reward_check": [["free_reward": nil, "premium_reward": nil]],
        "gamification.battle_pass_tiers_tier_check": [
            ["tier": "0", "previous_tier": "-1", "previous_experience": "50"]
        ],
        "gamification.battle_passes_claim_until_check": [["claim_until": eleven]],
        "gamification.battle_passes_currency_check": [["currency": "!"]],
        "gamification.battle_passes_ends_at_check": [["ends_at": nine]],
        "gamification.battle_passes_name_check": [
            ["name": String(repeating: "x", count: 81)],
            ["name": " "],
        ],
        "gamification.battle_passes_price_check": [["price": "-1"]],
        "gamification.battle_passes_revision_check": [["revision": "0"]],
        "gamification.battle_passes_season_check": [["season": "0"]],
        "gamification.experience_entries_amount_check": [["amount": "-1"]],
        "gamification.experience_entries_request_id_check": [
            ["request_id": ""],
            ["request_id": String(repeating: "x", count: 101)],
        ],
        "gamification.experience_entries_source_event_check": [
            ["source_event": ""],
            ["source_event": String(repeating: "x", count: 201)],
        ],
        "gamification.experience_entries_subject_check": [
            ["subject": ""],
            ["subject": String(repeating: "x", count: 201)],
        ],
        "gamification.experience_facts_source_event_check": [
            ["source_event": ""],
            ["source_event": String(repeating: "x", count: 201)],
        ],
        "gamification.experience_facts_subject_check": [
            ["subject": ""],
            ["subject": String(repeating: "x", count: 201)],
        ],
        "gamification.quest_events_amount_check": [["amount": "0"]],
        "gamification.quest_events_source_event_check": [
            ["source_event": ""],
            ["source_event": String(repeating: "x", count: 201)],
        ],
        "gamification.quests_code_check": [["code": "!"]],
        "gamification.quests_criteria_check": [
            ["criteria": "[]"],
            ["criteria": jsonObject(characters: 16385)],
        ],
        "gamification.quests_description_check": [["description": String(repeating: "x", count: 1001)]],
        "gamification.quests_ends_at_check": [["ends_at": nine]],
        "gamification.quests_experience_reward_check": [["experience_reward": "-1"]],
        "gamification.quests_revision_check": [["revision": "0"]],
        "gamification.quests_seasonal_check": [["kind": "seasonal", "ends_at": nil]],
        "gamification.quests_target_check": [["target": "0"]],
        "gamification.quests_title_check": [["title": String(repeating: "x", count: 121)], ["title": " "]],
        "gamification.user_achievements_source_event_check": [
            ["source_event": ""],
            ["source_event": String(repeating: "x", count: 201)],
        ],
        "gamification.user_battle_passes_experience_check": [["experience": "-1"]],
        "gamification.user_battle_passes_premium_check": [
            ["premium_since": nil],
            ["premium_order": ""],
            ["premium_order": String(repeating: "x", count: 201)],
        ],
        "gamification.user_battle_passes_revision_check": [["revision": "0"]],
        "gamification.user_levels_experience_check": [["experience": "-1"]],
        "gamification.user_levels_level_check": [["level": "0"]],
        "gamification.user_quests_claimed_at_check": [["claimed_at": eleven]],
        "gamification.user_quests_completed_at_check": [["progress": "0.5"]],
        "gamification.user_quests_expired_at_check": [["expired_at": eleven]],
        "gamification.user_quests_order_check": [
            ["completed_at": "2026-01-05T08:00:00Z"],
            ["status": "claimed", "claimed_at": nine],
        ],
        "gamification.user_quests_period_check": [["period": "!"]],
        "gamification.user_quests_progress_check": [
            ["status": "expired", "expired_at": eleven, "completed_at": nil, "progress": "2"],
            ["status": "expired", "expired_at": eleven, "completed_at": nil, "progress": "-1"],
        ],
        "gamification.user_quests_revision_check": [["revision": "0"]],
        "gamification.user_quests_started_at_check": [["started_at": nil]],
        "gamification.user_quests_target_check": [
            ["status": "expired", "expired_at": eleven, "completed_at": ten, "target": "0", "progress": "0"]
        ],
    ]
}
