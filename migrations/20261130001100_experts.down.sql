-- Loses every row of experts.ai_experts, experts.ai_tips, experts.tip_scores, experts.expert_records,
-- experts.feed_items, experts.feed_interactions, experts.user_ai_interactions.

DROP TABLE experts.user_ai_interactions;
DROP TABLE experts.feed_interactions;
DROP TABLE experts.feed_items;
DROP TABLE experts.expert_records;
DROP TABLE experts.tip_scores;
DROP TABLE experts.ai_tips;
DROP TABLE experts.ai_experts;
DROP TYPE experts.interaction_kind;
DROP TYPE experts.feed_item_status;
DROP TYPE experts.feed_kind;
DROP TYPE experts.tip_outcome;
DROP TYPE experts.tip_status;
DROP TYPE experts.tip_impact;
DROP TYPE experts.tip_kind;
DROP TYPE experts.expert_risk_profile;
DROP SCHEMA experts;
