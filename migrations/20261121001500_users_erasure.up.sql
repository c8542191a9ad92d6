-- Erasure: an operator takes a person out of every table. Closing an account is the normal end; this is for those who
-- ask to be forgotten. It comes last, as it knows all the others.

CREATE TABLE users.erasures (
    subject_hash bytea NOT NULL,
    erased_by text NOT NULL,
    reason text NOT NULL,
    erased_at timestamptz NOT NULL,
    CONSTRAINT erasures_pkey PRIMARY KEY (subject_hash),
    CONSTRAINT erasures_subject_hash_check CHECK (octet_length(subject_hash) = 32),
    CONSTRAINT erasures_erased_by_check CHECK (char_length(erased_by) BETWEEN 1 AND 200),
    CONSTRAINT erasures_reason_check CHECK (char_length(reason) BETWEEN 1 AND 1000)
);
COMMENT ON TABLE users.erasures IS
    'Who was erased, without saying who: after a restore those whose hash stands here are erased again.';
COMMENT ON COLUMN users.erasures.subject_hash IS
    'SHA-256 of the user id''s 16 bytes; the id is random and stands nowhere else by then.';
COMMENT ON COLUMN users.erasures.erased_by IS 'The operator''s user id as text.';

-- What refuses comes first: a portfolio that secures an open loan cannot go. Private baskets go before the private
-- instruments that they hold. The rest follows from the foreign key to users.users that every table of a user has:
-- those act before any key between two of the tables is looked at, so that what holds a strategy in place is gone.
CREATE FUNCTION users.erase_user(subject_id uuid, operator_id text, why text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    IF operator_id = subject_id::text THEN
        RAISE EXCEPTION 'an erasure is an operator''s, and not one''s own' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Held until the end, so that nothing new comes to the user meanwhile: every insert of theirs looks at this row.
    PERFORM FROM users.users AS u WHERE u.id = subject_id FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- What was published stays, as the platform's own: its contents are nobody's already, and its slug is unique among
    -- all that is not private.
    UPDATE portfolios.baskets AS b
    SET owner_id = NULL, revision = b.revision + 1, updated_at = erase_user.at
    WHERE b.owner_id = subject_id AND b.visibility <> 'private';
    DELETE FROM portfolios.portfolios AS p WHERE p.user_id = subject_id;
    DELETE FROM portfolios.baskets AS b WHERE b.owner_id = subject_id;
    DELETE FROM users.users AS u WHERE u.id = subject_id;
    INSERT INTO users.erasures (subject_hash, erased_by, reason, erased_at)
    VALUES (sha256(uuid_send(subject_id)), operator_id, why, erase_user.at)
    ON CONFLICT ON CONSTRAINT erasures_pkey DO NOTHING;
    RETURN true;
END
$$;
COMMENT ON FUNCTION users.erase_user IS
    'Erases a user; false where there is none. An open loan refuses it by loans_open_collateral_fkey.';
REVOKE ALL ON FUNCTION users.erase_user FROM PUBLIC;
