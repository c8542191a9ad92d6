-- Loses every row of users.erasures.

DROP FUNCTION users.erase_user;
DROP TABLE users.erasures;
