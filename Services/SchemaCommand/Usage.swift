/// What a person does with `schema`, for its help.
let usage = """
    A new database:      schema roles && schema migrate up
    A new context:       its name, in small letters, as a line of migrations/contexts
    A new migration:     schema migrate new add_watchlists
    After any change:    schema lint && schema generate
    Data to look at:     schema seed

    The database is named by --database-url or DATABASE_URL. `generate`, `lint` and `migrate verify` \
    need none: they start a shadow server of their own.
    """
