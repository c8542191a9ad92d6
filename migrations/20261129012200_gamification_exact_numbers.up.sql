-- Eighteen decimals, and twenty digits before the point: two holdings of eight billion dong are beyond numeric(18,8),
-- coins are quoted at 0.0000000074 and counted in trillions, and a token has eighteen decimals.
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE gamification.battle_passes
    ALTER COLUMN price TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE gamification.quest_events
    ALTER COLUMN amount TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE gamification.quests
    ALTER COLUMN target TYPE numeric(38,18);
-- lint: allow type-change because no release has been made, and what is read stays the same value
ALTER TABLE gamification.user_quests
    ALTER COLUMN progress TYPE numeric(38,18),
    ALTER COLUMN target TYPE numeric(38,18);
