-- Experts: tips that carry their evidence, their scores, the personal feed, and what users say to it.

CREATE SCHEMA experts;

CREATE TYPE experts.expert_risk_profile AS ENUM ('conservative', 'balanced', 'growth', 'aggressive');
CREATE TYPE experts.tip_kind AS ENUM (
    'concentration', 'drift', 'fees', 'cash', 'diversification', 'volatility', 'income', 'tax', 'learning');
CREATE TYPE experts.tip_impact AS ENUM ('low', 'medium', 'high');
CREATE TYPE experts.tip_status AS ENUM ('active', 'dismissed', 'acted', 'expired');
CREATE TYPE experts.tip_outcome AS ENUM ('right', 'wrong', 'unclear');
CREATE TYPE experts.feed_kind AS ENUM ('basket', 'quest', 'curator', 'market', 'lesson');
CREATE TYPE experts.feed_item_status AS ENUM ('draft', 'active', 'retired');
CREATE TYPE experts.interaction_kind AS ENUM ('viewed', 'liked', 'disliked', 'dismissed', 'acted', 'question');

CREATE TABLE experts.ai_experts (
    id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    specialty text NOT NULL,
    persona text NOT NULL,
    risk_profile experts.expert_risk_profile NOT NULL,
    provider text NOT NULL,
    active boolean NOT NULL,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT ai_experts_pkey PRIMARY KEY (id),
    CONSTRAINT ai_experts_code_key UNIQUE (code),
    CONSTRAINT ai_experts_code_check CHECK (code ~ '^[a-z][a-z0-9_]{0,59}$'),
    CONSTRAINT ai_experts_name_check CHECK (char_length(name) <= 80 AND btrim(name) <> ''),
    CONSTRAINT ai_experts_specialty_check CHECK (char_length(specialty) BETWEEN 1 AND 200),
    CONSTRAINT ai_experts_persona_check CHECK (char_length(persona) <= 4000),
    CONSTRAINT ai_experts_provider_check CHECK (char_length(provider) BETWEEN 1 AND 100),
    CONSTRAINT ai_experts_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE experts.ai_experts IS 'Who gives tips. An expert never places an order.';
COMMENT ON COLUMN experts.ai_experts.persona IS 'How the expert speaks.';
COMMENT ON COLUMN experts.ai_experts.provider IS 'What words the tips: rules, or the name of a model.';

CREATE TABLE experts.ai_tips (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    expert_id uuid NOT NULL,
    portfolio_id uuid,
    kind experts.tip_kind NOT NULL,
    trigger_key text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    confidence smallint NOT NULL,
    impact experts.tip_impact NOT NULL,
    evidence jsonb NOT NULL,
    falsified_if text NOT NULL,
    status experts.tip_status NOT NULL,
    valid_from timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    resolved_at timestamptz,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT ai_tips_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT ai_tips_trigger_key UNIQUE (user_id, expert_id, trigger_key),
    CONSTRAINT ai_tips_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT ai_tips_expert_fkey FOREIGN KEY (expert_id) REFERENCES experts.ai_experts (id) ON DELETE RESTRICT,
    CONSTRAINT ai_tips_portfolio_fkey FOREIGN KEY (user_id, portfolio_id)
        REFERENCES portfolios.portfolios (user_id, id) ON DELETE CASCADE,
    CONSTRAINT ai_tips_portfolio_check CHECK (portfolio_id IS NOT NULL OR kind = 'learning'),
    CONSTRAINT ai_tips_trigger_key_check CHECK (char_length(trigger_key) BETWEEN 1 AND 200),
    CONSTRAINT ai_tips_title_check CHECK (char_length(title) BETWEEN 1 AND 200),
    CONSTRAINT ai_tips_body_check CHECK (char_length(body) BETWEEN 1 AND 4000),
    CONSTRAINT ai_tips_confidence_check CHECK (confidence BETWEEN 0 AND 100),
    CONSTRAINT ai_tips_evidence_check CHECK (jsonb_typeof(evidence) = 'array' AND octet_length(evidence::text) <= 65536),
    CONSTRAINT ai_tips_evidence_source_check CHECK (
        NOT jsonb_path_exists(evidence, '$[*] ? (!exists(@.figure) || !exists(@.source) || !exists(@.at))')),
    CONSTRAINT ai_tips_evidence_present_check CHECK (kind = 'learning' OR evidence <> '[]'),
    CONSTRAINT ai_tips_falsified_if_check CHECK (char_length(falsified_if) BETWEEN 1 AND 1000),
    CONSTRAINT ai_tips_expires_at_check CHECK (valid_from < expires_at),
    CONSTRAINT ai_tips_resolved_at_check CHECK ((status = 'active') = (resolved_at IS NULL)),
    CONSTRAINT ai_tips_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE experts.ai_tips IS
    'Advice to one user. It says from what it follows and what would prove it wrong, and it expires.';
COMMENT ON COLUMN experts.ai_tips.portfolio_id IS 'What it is about; a lesson may be about none.';
COMMENT ON COLUMN experts.ai_tips.trigger_key IS
    'The event or the week that asked for it: an expert speaks once to it.';
COMMENT ON COLUMN experts.ai_tips.confidence IS 'Percent.';
COMMENT ON COLUMN experts.ai_tips.evidence IS
    'Each figure of the text as {figure, source, at}: the amount as a string, the row it came from, and its time.';
COMMENT ON COLUMN experts.ai_tips.falsified_if IS 'What would prove it wrong, in words; scoring goes by its kind.';
COMMENT ON COLUMN experts.ai_tips.resolved_at IS 'When it was dismissed or acted on, or expired.';
CREATE INDEX ai_tips_expert_idx ON experts.ai_tips (expert_id);
CREATE INDEX ai_tips_portfolio_idx ON experts.ai_tips (user_id, portfolio_id, id) WHERE portfolio_id IS NOT NULL;
CREATE INDEX ai_tips_active_idx ON experts.ai_tips (user_id, id) WHERE status = 'active';
CREATE INDEX ai_tips_expires_at_idx ON experts.ai_tips (expires_at, user_id, id) WHERE status = 'active';

CREATE TABLE experts.tip_scores (
    user_id uuid NOT NULL,
    tip_id uuid NOT NULL,
    horizon_days int NOT NULL,
    outcome experts.tip_outcome NOT NULL,
    evidence jsonb NOT NULL,
    scored_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT tip_scores_pkey PRIMARY KEY (user_id, tip_id, horizon_days),
    CONSTRAINT tip_scores_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT tip_scores_tip_fkey FOREIGN KEY (user_id, tip_id)
        REFERENCES experts.ai_tips (user_id, id) ON DELETE CASCADE,
    CONSTRAINT tip_scores_horizon_days_check CHECK (horizon_days BETWEEN 1 AND 3650),
    CONSTRAINT tip_scores_evidence_check CHECK (jsonb_typeof(evidence) = 'array')
);
COMMENT ON TABLE experts.tip_scores IS 'What became of a tip after so many days. Insert only.';
COMMENT ON COLUMN experts.tip_scores.evidence IS 'As that of a tip: from what the outcome was read.';

CREATE TABLE experts.expert_records (
    expert_id uuid NOT NULL,
    kind experts.tip_kind NOT NULL,
    horizon_days int NOT NULL,
    right_count bigint NOT NULL,
    wrong_count bigint NOT NULL,
    unclear_count bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT expert_records_pkey PRIMARY KEY (expert_id, kind, horizon_days),
    CONSTRAINT expert_records_expert_fkey FOREIGN KEY (expert_id)
        REFERENCES experts.ai_experts (id) ON DELETE CASCADE,
    CONSTRAINT expert_records_horizon_days_check CHECK (horizon_days BETWEEN 1 AND 3650),
    CONSTRAINT expert_records_counts_check CHECK (right_count >= 0 AND wrong_count >= 0 AND unclear_count >= 0)
);
COMMENT ON TABLE experts.expert_records IS
    'An expert''s public record, which names nobody: a count of scores, kept when the users who had the tips are erased.';

CREATE TABLE experts.feed_items (
    id uuid NOT NULL,
    kind experts.feed_kind NOT NULL,
    target text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    action text NOT NULL,
    priority int NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz,
    status experts.feed_item_status NOT NULL,
    revision int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT feed_items_pkey PRIMARY KEY (id),
    CONSTRAINT feed_items_target_check CHECK (char_length(target) BETWEEN 1 AND 200),
    CONSTRAINT feed_items_title_check CHECK (char_length(title) BETWEEN 1 AND 200),
    CONSTRAINT feed_items_body_check CHECK (char_length(body) <= 2000),
    CONSTRAINT feed_items_action_check CHECK (char_length(action) BETWEEN 1 AND 80),
    CONSTRAINT feed_items_priority_check CHECK (priority BETWEEN 0 AND 1000),
    CONSTRAINT feed_items_ends_at_check CHECK (starts_at < ends_at),
    CONSTRAINT feed_items_revision_check CHECK (revision >= 1)
);
COMMENT ON TABLE experts.feed_items IS 'What the feed may show to anybody, each with one clear action.';
COMMENT ON COLUMN experts.feed_items.target IS
    'The id or code of what it leads to, by its kind; text and no key, as it may lead to five tables and outlive a row.';
COMMENT ON COLUMN experts.feed_items.action IS 'The words on the button.';
COMMENT ON COLUMN experts.feed_items.priority IS 'From 0 to 1000, before what is known of the reader.';
CREATE INDEX feed_items_active_idx ON experts.feed_items (priority, id) WHERE status = 'active';

CREATE TABLE experts.feed_interactions (
    user_id uuid NOT NULL,
    feed_item_id uuid NOT NULL,
    priority int NOT NULL,
    shown_count int NOT NULL,
    shown_at timestamptz,
    opened_at timestamptz,
    acted_at timestamptz,
    dismissed_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT feed_interactions_pkey PRIMARY KEY (user_id, feed_item_id),
    CONSTRAINT feed_interactions_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT feed_interactions_feed_item_fkey FOREIGN KEY (feed_item_id)
        REFERENCES experts.feed_items (id) ON DELETE CASCADE,
    CONSTRAINT feed_interactions_priority_check CHECK (priority BETWEEN 0 AND 1000),
    CONSTRAINT feed_interactions_shown_check CHECK (shown_count >= 0 AND (shown_count > 0) = (shown_at IS NOT NULL)),
    CONSTRAINT feed_interactions_order_check CHECK (
        coalesce(opened_at >= shown_at, opened_at IS NULL) AND coalesce(acted_at >= opened_at, acted_at IS NULL))
);
COMMENT ON TABLE experts.feed_interactions IS 'An item in one user''s feed, and what the user did with it.';
COMMENT ON COLUMN experts.feed_interactions.priority IS 'From 0 to 1000, for this reader.';
COMMENT ON COLUMN experts.feed_interactions.shown_at IS 'The first time, as the moments after it.';
CREATE INDEX feed_interactions_feed_item_idx ON experts.feed_interactions (feed_item_id);
CREATE INDEX feed_interactions_open_idx ON experts.feed_interactions (user_id, priority, feed_item_id)
    WHERE acted_at IS NULL AND dismissed_at IS NULL;

CREATE TABLE experts.user_ai_interactions (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    expert_id uuid NOT NULL,
    tip_id uuid,
    kind experts.interaction_kind NOT NULL,
    rating smallint,
    message text,
    answer text,
    latency_milliseconds int,
    tokens int NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT user_ai_interactions_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT user_ai_interactions_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT user_ai_interactions_expert_fkey FOREIGN KEY (expert_id)
        REFERENCES experts.ai_experts (id) ON DELETE RESTRICT,
    CONSTRAINT user_ai_interactions_tip_fkey FOREIGN KEY (user_id, tip_id)
        REFERENCES experts.ai_tips (user_id, id) ON DELETE CASCADE,
    CONSTRAINT user_ai_interactions_rating_check CHECK (rating BETWEEN 1 AND 5),
    CONSTRAINT user_ai_interactions_message_check CHECK (
        char_length(message) BETWEEN 1 AND 4000 AND (message IS NOT NULL OR kind <> 'question')),
    CONSTRAINT user_ai_interactions_answer_check CHECK (
        char_length(answer) BETWEEN 1 AND 16000 AND (answer IS NULL OR kind = 'question')),
    CONSTRAINT user_ai_interactions_latency_milliseconds_check CHECK (latency_milliseconds >= 0),
    CONSTRAINT user_ai_interactions_tokens_check CHECK (tokens >= 0)
);
COMMENT ON TABLE experts.user_ai_interactions IS
    'What a user did with a tip, or asked an expert. Texts in it are data and never instruction.';
COMMENT ON COLUMN experts.user_ai_interactions.latency_milliseconds IS 'Until the answer was complete.';
COMMENT ON COLUMN experts.user_ai_interactions.tokens IS 'That the provider counted; 0 for rules.';
CREATE INDEX user_ai_interactions_expert_idx ON experts.user_ai_interactions (expert_id);
CREATE INDEX user_ai_interactions_tip_idx ON experts.user_ai_interactions (user_id, tip_id, id)
    WHERE tip_id IS NOT NULL;

ALTER TABLE experts.ai_tips ENABLE ROW LEVEL SECURITY;
CREATE POLICY ai_tips_owner ON experts.ai_tips TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
CREATE POLICY ai_tips_worker ON experts.ai_tips FOR SELECT TO experts_worker USING (true);
ALTER TABLE experts.tip_scores ENABLE ROW LEVEL SECURITY;
CREATE POLICY tip_scores_owner ON experts.tip_scores TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE experts.feed_interactions ENABLE ROW LEVEL SECURITY;
CREATE POLICY feed_interactions_owner ON experts.feed_interactions TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
ALTER TABLE experts.user_ai_interactions ENABLE ROW LEVEL SECURITY;
CREATE POLICY user_ai_interactions_owner ON experts.user_ai_interactions TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
