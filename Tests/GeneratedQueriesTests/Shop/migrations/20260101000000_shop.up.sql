-- A shop, as small as the tests of generated code need it.
CREATE SCHEMA market;

CREATE TYPE market.grade AS ENUM ('new', 'used');

CREATE TABLE market.items (
    id bigint CONSTRAINT items_pkey PRIMARY KEY,
    name text NOT NULL,
    price numeric(38,18) NOT NULL,
    kind text NOT NULL,
    note text,
    added_on date NOT NULL,
    grade market.grade);
COMMENT ON COLUMN market.items.note IS 'What the buyer should know.';

CREATE TABLE market.stock (
    item_id bigint CONSTRAINT stock_pkey PRIMARY KEY
        CONSTRAINT stock_item_id_fkey REFERENCES market.items ON DELETE CASCADE,
    quantity int NOT NULL,
    shelf text);
