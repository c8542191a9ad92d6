-- Gamification: experience, levels, quests, achievements and the season's battle pass.
-- The entries of experience are the truth and only grow; levels and progress can be replayed from them and from
-- the events that counted.

CREATE SCHEMA gamification;

CREATE TYPE gamification.experience_reason AS ENUM (
    'quest', 'achievement', 'saving', 'diversifying', 'learning', 'streak', 'correction');
COMMENT ON TYPE gamification.experience_reason IS 'What is rewarded. The number of trades is not among it, on purpose.';
CREATE TYPE gamification.quest_kind AS ENUM ('one_time', 'daily', 'weekly', 'seasonal');
CREATE TYPE gamification.quest_category AS ENUM (
    'onboarding', 'saving', 'diversifying', 'learning', 'automation', 'community');
CREATE TYPE gamification.catalogue_status AS ENUM ('draft', 'active', 'retired');
CREATE TYPE gamification.user_quest_status AS ENUM ('available', 'in_progress', 'completed', 'claimed', 'expired');
CREATE TYPE gamification.achievement_tier AS ENUM ('bronze', 'silver', 'gold', 'platinum');
CREATE TYPE gamification.reward_track AS ENUM ('free', 'premium');

CREATE TABLE gamification.user_levels (
    user_id uuid NOT NULL,
    level int NOT NULL,
    experience bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT user_levels_pkey PRIMARY KEY (user_id),
    CONSTRAINT user_levels_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT user_levels_level_check CHECK (level >= 1),
    CONSTRAINT user_levels_experience_check CHECK (experience >= 0)
);
COMMENT ON TABLE gamification.user_levels IS
    'The roll-up of a user''s experience, written in the transaction of its entries.';
COMMENT ON COLUMN gamification.user_levels.experience IS 'The sum of the user''s entries, in points.';

CREATE TABLE gamification.experience_entries (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    amount int NOT NULL,
    reason gamification.experience_reason NOT NULL,
    source_event text NOT NULL,
    subject text NOT NULL,
    request_id text,
    created_at timestamptz NOT NULL,
    CONSTRAINT experience_entries_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT experience_entries_source_event_key UNIQUE (user_id, reason, source_event),
    CONSTRAINT experience_entries_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT experience_entries_amount_check CHECK (amount > 0 OR amount < 0 AND reason = 'correction'),
    CONSTRAINT experience_entries_source_event_check CHECK (char_length(source_event) BETWEEN 1 AND 200),
    CONSTRAINT experience_entries_subject_check CHECK (char_length(subject) BETWEEN 1 AND 200),
    CONSTRAINT experience_entries_request_id_check CHECK (char_length(request_id) BETWEEN 1 AND 100)
);
COMMENT ON TABLE gamification.experience_entries IS
    'The ledger of experience. Insert only: what was granted in error is taken back by a correction.';
COMMENT ON COLUMN gamification.experience_entries.amount IS 'Points; below zero for a correction only.';
COMMENT ON COLUMN gamification.experience_entries.source_event IS
    'Type and natural key of the event, which the log may have let go: it is granted once for a reason, for good.';
COMMENT ON COLUMN gamification.experience_entries.subject IS
    'What the points are for: an instrument, a day, a quest of a period. A correction names the subject whose points it takes back, and these can then be earned again.';
COMMENT ON COLUMN gamification.experience_entries.request_id IS
    'Of the request from which it follows, as X-Request-Id shows it; NULL where no request began it.';
CREATE INDEX experience_entries_subject_idx ON gamification.experience_entries (user_id, subject);
CREATE INDEX experience_entries_created_at_idx ON gamification.experience_entries (user_id, created_at);

CREATE TABLE gamification.experience_facts (
    user_id uuid NOT NULL,
    source_event text NOT NULL,
    subject text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT experience_facts_pkey PRIMARY KEY (user_id, source_event),
    CONSTRAINT experience_facts_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT experience_facts_source_event_check CHECK (char_length(source_event) BETWEEN 1 AND 200),
    CONSTRAINT experience_facts_subject_check CHECK (char_length(subject) BETWEEN 1 AND 200)
);
COMMENT ON TABLE gamification.experience_facts IS
    'The events that points stand on: the points of a subject stay as long as one of its events does. A reversal removes its row.';
COMMENT ON COLUMN gamification.experience_facts.source_event IS 'Type and natural key of the event.';
COMMENT ON COLUMN gamification.experience_facts.subject IS 'As in experience_entries.';
CREATE INDEX experience_facts_subject_idx ON gamification.experience_facts (user_id, subject);

CREATE TABLE gamification.quests (
    id uuid NOT NULL,
    code text NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    kind gamification.quest_kind NOT NULL,
    category gamification.quest_category NOT NULL,
    criteria jsonb NOT NULL,
    target numeric(38,18) NOT NULL,
    experience_reward int NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz,
    status gamification.catalogue_status NOT NULL,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT quests_pkey PRIMARY KEY (id),
    CONSTRAINT quests_code_key UNIQUE (code),
    CONSTRAINT quests_code_check CHECK (code ~ '^[a-z][a-z0-9_]{0,59}$'),
    CONSTRAINT quests_title_check CHECK (char_length(title) <= 120 AND btrim(title) <> ''),
    CONSTRAINT quests_description_check CHECK (char_length(description) <= 1000),
    CONSTRAINT quests_criteria_check CHECK (jsonb_typeof(criteria) = 'object' AND octet_length(criteria::text) <= 16384),
    CONSTRAINT quests_target_check CHECK (target > 0),
    CONSTRAINT quests_experience_reward_check CHECK (experience_reward >= 0),
    CONSTRAINT quests_ends_at_check CHECK (starts_at < ends_at),
    CONSTRAINT quests_seasonal_check CHECK (kind <> 'seasonal' OR ends_at IS NOT NULL),
    CONSTRAINT quests_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE gamification.quests IS
    'An aim that a user can reach. Retired and never deleted once somebody has begun it.';
COMMENT ON COLUMN gamification.quests.criteria IS
    'Which events count and how, for the module''s own typed rules; never code.';
COMMENT ON COLUMN gamification.quests.target IS
    'What progress must reach, in the unit of the criteria: a count, days, or an amount.';
COMMENT ON COLUMN gamification.quests.experience_reward IS 'Points for a claim.';
COMMENT ON COLUMN gamification.quests.ends_at IS 'NULL for a quest that stays open; a seasonal one has an end.';

CREATE TABLE gamification.user_quests (
    user_id uuid NOT NULL,
    quest_id uuid NOT NULL,
    period text NOT NULL,
    progress numeric(38,18) NOT NULL,
    target numeric(38,18) NOT NULL,
    status gamification.user_quest_status NOT NULL,
    expires_at timestamptz,
    started_at timestamptz,
    completed_at timestamptz,
    claimed_at timestamptz,
    expired_at timestamptz,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT user_quests_pkey PRIMARY KEY (user_id, quest_id, period),
    CONSTRAINT user_quests_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT user_quests_quest_fkey FOREIGN KEY (quest_id) REFERENCES gamification.quests (id) ON DELETE RESTRICT,
    CONSTRAINT user_quests_period_check CHECK (
        period ~ '^(once|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-W[0-9]{2}|season-[0-9]{1,6})$'),
    CONSTRAINT user_quests_target_check CHECK (target > 0),
    CONSTRAINT user_quests_progress_check CHECK (progress BETWEEN 0 AND target),
    CONSTRAINT user_quests_started_at_check CHECK (
        CASE WHEN status = 'available' THEN started_at IS NULL AND progress = 0
            WHEN status = 'expired' THEN true ELSE started_at IS NOT NULL END),
    CONSTRAINT user_quests_completed_at_check CHECK (
        CASE WHEN status IN ('completed', 'claimed') THEN completed_at IS NOT NULL AND progress = target
            WHEN status = 'expired' THEN (completed_at IS NOT NULL) = (progress = target)
            ELSE completed_at IS NULL AND progress < target END),
    CONSTRAINT user_quests_claimed_at_check CHECK ((status = 'claimed') = (claimed_at IS NOT NULL)),
    CONSTRAINT user_quests_expired_at_check CHECK ((status = 'expired') = (expired_at IS NOT NULL)),
    CONSTRAINT user_quests_order_check CHECK (started_at <= completed_at AND completed_at <= claimed_at),
    CONSTRAINT user_quests_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE gamification.user_quests IS 'A user''s way through a quest in one period.';
COMMENT ON COLUMN gamification.user_quests.period IS
    'once, a UTC day (2026-11-21), an ISO week (2026-W47) or a season (season-3): one row for each.';
COMMENT ON COLUMN gamification.user_quests.progress IS 'In the unit of the target, and clamped at it.';
COMMENT ON COLUMN gamification.user_quests.target IS
    'The quest''s when this began: an edited quest moves nobody''s goal.';
COMMENT ON COLUMN gamification.user_quests.expires_at IS
    'When the period, with its grace for claims, is over; NULL for never.';
CREATE INDEX user_quests_quest_idx ON gamification.user_quests (quest_id);
CREATE INDEX user_quests_expires_at_idx ON gamification.user_quests (expires_at, user_id)
    WHERE status IN ('available', 'in_progress', 'completed');

CREATE TABLE gamification.quest_events (
    user_id uuid NOT NULL,
    quest_id uuid NOT NULL,
    period text NOT NULL,
    source_event text NOT NULL,
    amount numeric(38,18) NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT quest_events_pkey PRIMARY KEY (user_id, quest_id, period, source_event),
    CONSTRAINT quest_events_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT quest_events_quest_fkey FOREIGN KEY (user_id, quest_id, period)
        REFERENCES gamification.user_quests (user_id, quest_id, period) ON DELETE CASCADE,
    CONSTRAINT quest_events_source_event_check CHECK (char_length(source_event) BETWEEN 1 AND 200),
    CONSTRAINT quest_events_amount_check CHECK (amount <> 0)
);
COMMENT ON TABLE gamification.quest_events IS 'Which event counted towards which quest: each one once. Insert only.';
COMMENT ON COLUMN gamification.quest_events.amount IS
    'What it added before the clamp, in the unit of the target; below zero for a reversal.';
-- Whether a subject is counted is asked for each event: without this, every event of the quest would be read.
CREATE INDEX quest_events_subject_idx
    ON gamification.quest_events (user_id, quest_id, period, split_part(source_event, ':', 3))
    WHERE amount > 0;

CREATE TABLE gamification.achievements (
    id uuid NOT NULL,
    code text NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    tier gamification.achievement_tier NOT NULL,
    criteria jsonb NOT NULL,
    hidden boolean NOT NULL,
    experience_reward int NOT NULL,
    status gamification.catalogue_status NOT NULL,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT achievements_pkey PRIMARY KEY (id),
    CONSTRAINT achievements_code_key UNIQUE (code),
    CONSTRAINT achievements_code_check CHECK (code ~ '^[a-z][a-z0-9_]{0,59}$'),
    CONSTRAINT achievements_title_check CHECK (char_length(title) <= 120 AND btrim(title) <> ''),
    CONSTRAINT achievements_description_check CHECK (char_length(description) <= 1000),
    CONSTRAINT achievements_criteria_check CHECK (
        jsonb_typeof(criteria) = 'object' AND octet_length(criteria::text) <= 16384),
    CONSTRAINT achievements_experience_reward_check CHECK (experience_reward >= 0),
    CONSTRAINT achievements_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE gamification.achievements IS 'A mark for something done once and for good.';
COMMENT ON COLUMN gamification.achievements.criteria IS 'As those of a quest.';
COMMENT ON COLUMN gamification.achievements.hidden IS 'True: nobody sees it before it is unlocked.';

CREATE TABLE gamification.user_achievements (
    user_id uuid NOT NULL,
    achievement_id uuid NOT NULL,
    unlocked_at timestamptz NOT NULL,
    source_event text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT user_achievements_pkey PRIMARY KEY (user_id, achievement_id),
    CONSTRAINT user_achievements_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT user_achievements_achievement_fkey FOREIGN KEY (achievement_id)
        REFERENCES gamification.achievements (id) ON DELETE RESTRICT,
    CONSTRAINT user_achievements_source_event_check CHECK (char_length(source_event) BETWEEN 1 AND 200)
);
COMMENT ON TABLE gamification.user_achievements IS
    'What a user has unlocked. Removed where what unlocked it was taken back.';
COMMENT ON COLUMN gamification.user_achievements.unlocked_at IS 'When the event happened that unlocked it.';
CREATE INDEX user_achievements_achievement_idx ON gamification.user_achievements (achievement_id);

CREATE TABLE gamification.battle_passes (
    id uuid NOT NULL,
    season int NOT NULL,
    name text NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    claim_until timestamptz NOT NULL,
    price numeric(38,18) NOT NULL,
    currency text NOT NULL,
    status gamification.catalogue_status NOT NULL,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT battle_passes_pkey PRIMARY KEY (id),
    CONSTRAINT battle_passes_season_key UNIQUE (season),
    CONSTRAINT battle_passes_season_check CHECK (season >= 1),
    CONSTRAINT battle_passes_name_check CHECK (char_length(name) <= 80 AND btrim(name) <> ''),
    CONSTRAINT battle_passes_ends_at_check CHECK (starts_at < ends_at),
    CONSTRAINT battle_passes_claim_until_check CHECK (claim_until >= ends_at),
    CONSTRAINT battle_passes_price_check CHECK (price >= 0),
    CONSTRAINT battle_passes_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT battle_passes_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE gamification.battle_passes IS 'A season''s pass, in UTC.';
COMMENT ON COLUMN gamification.battle_passes.claim_until IS
    'After the season''s end nothing is earned, and until then what was earned can be claimed.';
COMMENT ON COLUMN gamification.battle_passes.price IS 'Of the premium track.';
COMMENT ON COLUMN gamification.battle_passes.currency IS 'ISO 4217 code. swift:Currency';

CREATE TABLE gamification.battle_pass_tiers (
    battle_pass_id uuid NOT NULL,
    tier int NOT NULL,
    previous_tier int,
    previous_experience bigint,
    experience_required bigint NOT NULL,
    free_reward jsonb,
    premium_reward jsonb,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT battle_pass_tiers_pkey PRIMARY KEY (battle_pass_id, tier),
    CONSTRAINT battle_pass_tiers_experience_key UNIQUE (battle_pass_id, tier, experience_required),
    CONSTRAINT battle_pass_tiers_battle_pass_fkey FOREIGN KEY (battle_pass_id)
        REFERENCES gamification.battle_passes (id) ON DELETE CASCADE,
    CONSTRAINT battle_pass_tiers_previous_fkey FOREIGN KEY (battle_pass_id, previous_tier, previous_experience)
        REFERENCES gamification.battle_pass_tiers (battle_pass_id, tier, experience_required) ON DELETE CASCADE,
    CONSTRAINT battle_pass_tiers_tier_check CHECK (tier >= 1),
    CONSTRAINT battle_pass_tiers_previous_check CHECK (
        (tier = 1) = (previous_tier IS NULL) AND previous_tier = tier - 1
        AND (previous_tier IS NULL) = (previous_experience IS NULL)),
    CONSTRAINT battle_pass_tiers_experience_required_check CHECK (
        experience_required >= 0 AND experience_required > previous_experience),
    CONSTRAINT battle_pass_tiers_free_reward_check CHECK (jsonb_typeof(free_reward) = 'object'),
    CONSTRAINT battle_pass_tiers_premium_reward_check CHECK (jsonb_typeof(premium_reward) = 'object'),
    CONSTRAINT battle_pass_tiers_reward_check CHECK (num_nonnulls(free_reward, premium_reward) > 0)
);
COMMENT ON TABLE gamification.battle_pass_tiers IS
    'The steps of a pass, without a gap, each asking for more than the one before.';
COMMENT ON COLUMN gamification.battle_pass_tiers.experience_required IS
    'Points of the season in all, not since the step before.';
COMMENT ON COLUMN gamification.battle_pass_tiers.free_reward IS
    'What the module grants, by kind; NULL for nothing on this track.';
COMMENT ON CONSTRAINT battle_pass_tiers_previous_fkey ON gamification.battle_pass_tiers IS
    'With the checks: steps rise, though a constraint sees one row. The step before is a copy that the key holds true.';
CREATE INDEX battle_pass_tiers_previous_idx
    ON gamification.battle_pass_tiers (battle_pass_id, previous_tier, previous_experience);

CREATE TABLE gamification.user_battle_passes (
    user_id uuid NOT NULL,
    battle_pass_id uuid NOT NULL,
    experience bigint NOT NULL,
    premium_since timestamptz,
    premium_order text,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT user_battle_passes_pkey PRIMARY KEY (user_id, battle_pass_id),
    CONSTRAINT user_battle_passes_premium_order_key UNIQUE (user_id, premium_order),
    CONSTRAINT user_battle_passes_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT user_battle_passes_battle_pass_fkey FOREIGN KEY (battle_pass_id)
        REFERENCES gamification.battle_passes (id) ON DELETE RESTRICT,
    CONSTRAINT user_battle_passes_experience_check CHECK (experience >= 0),
    CONSTRAINT user_battle_passes_premium_check CHECK (
        (premium_since IS NULL) = (premium_order IS NULL) AND char_length(premium_order) BETWEEN 1 AND 200),
    CONSTRAINT user_battle_passes_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE gamification.user_battle_passes IS 'How far a user has come in a season.';
COMMENT ON COLUMN gamification.user_battle_passes.experience IS
    'Points earned in the season; its tiers follow from it.';
COMMENT ON COLUMN gamification.user_battle_passes.premium_since IS
    'Bought late, it opens the tiers already earned as well.';
COMMENT ON COLUMN gamification.user_battle_passes.premium_order IS 'The billing event, which counts once.';
CREATE INDEX user_battle_passes_battle_pass_idx ON gamification.user_battle_passes (battle_pass_id, user_id);

CREATE TABLE gamification.battle_pass_claims (
    user_id uuid NOT NULL,
    battle_pass_id uuid NOT NULL,
    tier int NOT NULL,
    track gamification.reward_track NOT NULL,
    reward jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT battle_pass_claims_pkey PRIMARY KEY (user_id, battle_pass_id, tier, track),
    CONSTRAINT battle_pass_claims_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT battle_pass_claims_user_battle_pass_fkey FOREIGN KEY (user_id, battle_pass_id)
        REFERENCES gamification.user_battle_passes (user_id, battle_pass_id) ON DELETE CASCADE,
    CONSTRAINT battle_pass_claims_tier_fkey FOREIGN KEY (battle_pass_id, tier)
        REFERENCES gamification.battle_pass_tiers (battle_pass_id, tier) ON DELETE RESTRICT,
    CONSTRAINT battle_pass_claims_reward_check CHECK (jsonb_typeof(reward) = 'object')
);
COMMENT ON TABLE gamification.battle_pass_claims IS
    'A claim is one insert here: of many at once, the primary key lets one through.';
COMMENT ON COLUMN gamification.battle_pass_claims.reward IS 'As it was granted.';
CREATE INDEX battle_pass_claims_tier_idx ON gamification.battle_pass_claims (battle_pass_id, tier);

ALTER TABLE gamification.user_levels ENABLE ROW LEVEL SECURITY;
CREATE POLICY user_levels_owner ON gamification.user_levels TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE gamification.experience_entries ENABLE ROW LEVEL SECURITY;
CREATE POLICY experience_entries_owner ON gamification.experience_entries TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE gamification.experience_facts ENABLE ROW LEVEL SECURITY;
CREATE POLICY experience_facts_owner ON gamification.experience_facts TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE gamification.user_quests ENABLE ROW LEVEL SECURITY;
CREATE POLICY user_quests_owner ON gamification.user_quests TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
CREATE POLICY user_quests_worker ON gamification.user_quests FOR SELECT TO gamification_worker USING (true);
ALTER TABLE gamification.quest_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY quest_events_owner ON gamification.quest_events TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE gamification.user_achievements ENABLE ROW LEVEL SECURITY;
CREATE POLICY user_achievements_owner ON gamification.user_achievements TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE gamification.user_battle_passes ENABLE ROW LEVEL SECURITY;
CREATE POLICY user_battle_passes_owner ON gamification.user_battle_passes TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
CREATE POLICY user_battle_passes_worker ON gamification.user_battle_passes FOR SELECT TO gamification_worker
    USING (true);
ALTER TABLE gamification.battle_pass_claims ENABLE ROW LEVEL SECURITY;
CREATE POLICY battle_pass_claims_owner ON gamification.battle_pass_claims TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
