-- name: copyItems :copy
-- Items at the speed of the wire.
COPY market.items (id, name, price, kind, note, added_on) FROM STDIN;

-- name: insertItems :count
-- The same in one statement, where a few of them are enough.
-- rows: NewItem
INSERT INTO market.items (id, name, price, kind, note, grade, added_on)
SELECT item.id, item.name, item.price, :kind, item.note, item.grade, :day
FROM unnest(:ids::bigint[], :names::text[], :prices::numeric[], :notes::text[], :grades::market.grade[])
    AS item (id, name, price, note, grade)
ON CONFLICT DO NOTHING;

-- name: listItems :many
-- A page of items, by kind and price if asked for, in either order.
SELECT id, name, price, kind, note, added_on, grade FROM market.items
WHERE added_on >= :since
    /*? AND kind = :kind */
    /*? AND price <= :highest::numeric(38,18) */
    /*?after
        /*order
            newest: AND (added_on, id) < (:after_day, :after_id)
            oldest: AND (added_on, id) > (:after_day, :after_id)
        */
    */
ORDER BY
    /*order
        newest: added_on DESC, id DESC
        oldest: added_on, id
    */
LIMIT :row_limit;

-- name: countItems :one
-- How many there are, of a kind or in all.
SELECT count(*) FROM market.items /*? WHERE kind = :kind */;

-- name: streamItems :stream
-- Every item of a kind, however many.
SELECT id, name FROM market.items WHERE kind = :kind ORDER BY id;

-- name: streamNames :stream
SELECT name FROM market.items ORDER BY id;

-- name: listStock :many
-- Every item with what the shelves hold of it.
-- nest: stock
SELECT i.id, i.name, s.item_id AS stock_item_id, s.quantity AS stock_quantity, s.shelf AS stock_shelf
FROM market.items i LEFT JOIN market.stock s ON s.item_id = i.id
ORDER BY i.id;

-- name: listShelves :many
-- What is on shelves, with its item, which is always there.
-- nest: item
SELECT s.shelf, i.id AS item_id, i.note AS item_note
FROM market.stock s JOIN market.items i ON i.id = s.item_id
ORDER BY i.id;

-- name: listKinds :many
-- What there is of each kind, item by item: nil where it has no note or grade, and where it is on no shelf.
SELECT i.kind, array_agg(i.name ORDER BY i.id) AS names, array_agg(i.price ORDER BY i.id) AS prices,
    array_agg(i.note ORDER BY i.id) AS notes, array_agg(i.grade ORDER BY i.id) AS grades,
    array_agg(s.quantity ORDER BY i.id) AS quantities, array_agg(i.added_on ORDER BY i.id) AS days
FROM market.items i LEFT JOIN market.stock s ON s.item_id = i.id
GROUP BY i.kind
ORDER BY i.kind;

-- name: stockItem :exec
INSERT INTO market.stock (item_id, quantity, shelf) VALUES (:item_id, :quantity, :shelf);
