-- Loses every row of gamification.user_levels, gamification.experience_entries, gamification.experience_facts,
-- gamification.quests, gamification.user_quests, gamification.quest_events, gamification.achievements,
-- gamification.user_achievements, gamification.battle_passes, gamification.battle_pass_tiers,
-- gamification.user_battle_passes, gamification.battle_pass_claims.

DROP TABLE gamification.battle_pass_claims;
DROP TABLE gamification.user_battle_passes;
DROP TABLE gamification.battle_pass_tiers;
DROP TABLE gamification.battle_passes;
DROP TABLE gamification.user_achievements;
DROP TABLE gamification.achievements;
DROP TABLE gamification.quest_events;
DROP TABLE gamification.user_quests;
DROP TABLE gamification.quests;
DROP TABLE gamification.experience_facts;
DROP TABLE gamification.experience_entries;
DROP TABLE gamification.user_levels;
DROP TYPE gamification.reward_track;
DROP TYPE gamification.achievement_tier;
DROP TYPE gamification.user_quest_status;
DROP TYPE gamification.catalogue_status;
DROP TYPE gamification.quest_category;
DROP TYPE gamification.quest_kind;
DROP TYPE gamification.experience_reason;
DROP SCHEMA gamification;
