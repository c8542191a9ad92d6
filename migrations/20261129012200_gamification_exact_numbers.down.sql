-- Loses the decimals after the eighth, and stops at a value of 10^10 or more.
ALTER TABLE gamification.battle_passes
    ALTER COLUMN price TYPE numeric(18,8);
ALTER TABLE gamification.quest_events
    ALTER COLUMN amount TYPE numeric(18,8);
ALTER TABLE gamification.quests
    ALTER COLUMN target TYPE numeric(18,8);
ALTER TABLE gamification.user_quests
    ALTER COLUMN progress TYPE numeric(18,8),
    ALTER COLUMN target TYPE numeric(18,8);
