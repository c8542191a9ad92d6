-- Loses the messages that wait to be sent.
DROP TABLE users.outgoing_mails;
