-- Why this database is not to be seeded: people of whom the seed knows nothing. Its own are all of the domain
-- seed.example, which is reserved (RFC 2606), so that nobody has an address there.
SELECT format(
    '%s of the users here are not the seed''s: people may live in this database. The first came at %s.',
    count(*), min(created_at))
FROM users.users
WHERE email NOT LIKE '%@seed.example'
HAVING count(*) > 0
