/// Quests, achievements and battle passes.
extension Definition {
    static let gamification: [String: Definition] = [
        "gamification.user_levels": Definition(["level": "1", "experience": "50"]),
        "gamification.experience_entries": Definition(
            [
                "amount": "50", "reason": "quest", "source_event": "quest.completed:<n>",
                "request_id": "r1",
                "subject": "quest.completed:<n>",
            ]),
        "gamification.experience_facts": Definition(
            ["source_event": "transaction.posted:<n>", "subject": "deposit:2026-11-21"]),
        "gamification.quests": Definition(
            [
                "code": "quest_<n>", "title": "Your first basket", "description": "", "kind": "one_time",
                "category": "diversifying", "criteria": "{}", "target": "1", "experience_reward": "50",
                "starts_at": nine, "ends_at": aMonthLater, "status": "active",
            ]),
        "gamification.user_quests": Definition(
            [
                "period": "<day>", "progress": "1", "target": "1", "status": "completed",
                "started_at": nine, "completed_at": ten, "expires_at": aMonthLater,
            ],
            states: [
                "status=available": ["progress": "0", "started_at": nil, "completed_at": nil],
                "status=in_progress": ["progress": "0.5", "completed_at": nil],
                "status=claimed": ["claimed_at": eleven],
                "status=expired": ["expired_at": eleven],
            ]),
        "gamification.quest_events": Definition(
            ["source_event": "investment.completed:<n>", "amount": "1"]),
        "gamification.achievements": Definition(
            [
                "code": "achievement_<n>", "title": "Saver", "description": "", "tier": "bronze",
                "criteria": "{}", "hidden": "false", "experience_reward": "10", "status": "active",
            ]),
        "gamification.user_achievements": Definition(
            ["unlocked_at": nine, "source_event": "level.reached:2"]),
        "gamification.battle_passes": Definition(
            [
                "season": "<n>", "name": "Spring", "starts_at": nine, "ends_at": noon,
                "claim_until": aMonthLater, "price": "9.9", "status": "active",
            ]),
        "gamification.battle_pass_tiers": Definition(
            [
                "tier": "1", "experience_required": "100", "free_reward": "{}", "premium_reward": "{}",
            ],
            states: [
                "tier=2": [
                    "previous_tier": "1", "previous_experience": "100", "experience_required": "200",
                ]
            ]),
        "gamification.user_battle_passes": Definition(
            ["experience": "150", "premium_since": ten, "premium_order": "order<n>"]),
        "gamification.battle_pass_claims": Definition(["track": "free", "reward": "{}"]),
    ]
}
