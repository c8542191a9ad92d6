-- Loses every basket and what was invested in which; transactions stay.

DROP FUNCTION portfolios.share_basket;
DROP FUNCTION portfolios.publish_basket_version;
ALTER TABLE portfolios.transactions DROP COLUMN basket_investment_id;
DROP TABLE portfolios.basket_investments;
DROP TABLE portfolios.basket_assets;
DROP TABLE portfolios.basket_versions;
DROP TABLE portfolios.baskets;
DROP TYPE portfolios.investment_status;
DROP TYPE portfolios.investment_source;
DROP TYPE portfolios.basket_status;
DROP TYPE portfolios.basket_visibility;
DROP TYPE portfolios.risk_level;
