/// Users: people, what they prefer, and how they sign in.
extension Definition {
    static let users: [String: Definition] = [
        "users.users": Definition(
            [
                "email": "user<n>@example.com",
                "password_hash": "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g",
                "status": "active", "wallet_address": "0x<hex40>", "email_verified_at": nine,
            ],
            states: [
                "status=closed": ["closed_at": ten]
            ]),
        "users.user_profiles": Definition(
            [
                "display_name": "Ada", "country": "CH", "date_of_birth": "1990-12-10",
                "time_zone": "Europe/Zurich", "avatar_url": "https://example.com/a.png",
            ]),
        "users.user_preferences": Definition(
            [
                "base_currency": "CHF", "locale": "de-CH", "theme": "system", "cost_basis_method": "fifo",
                "settings": "{}",
            ]),
        "users.sessions": Definition(
            [
                "user_agent": "test", "address": "192.0.2.1", "last_used_at": nine, "expires_at": aMonthLater,
            ],
            states: [
                "end_reason": ["ended_at": nine]
            ]),
        "users.refresh_tokens": Definition(
            ["generation": "1", "token_hash": "\\x<hex>", "expires_at": aMonthLater],
            states: [
                "generation=2": ["parent_id": "<parent>"]
            ]),
        "users.email_tokens": Definition(
            [
                "kind": "verification", "token_hash": "\\x<hex>", "email": "ada@example.com",
                "expires_at": aMonthLater,
            ]),
        "users.outgoing_mails": Definition(
            [
                "kind": "verification", "recipient": "ada@example.com", "subject": "Verify your email",
                "sealed_body": sealed, "expires_at": aMonthLater, "attempts": "0", "next_attempt_at": ten,
                "request_id": "r1",
            ]),
        "users.signing_keys": Definition(
            [
                "public_key": "\\x" + String(repeating: "01", count: 64), "sealed_private_key": sealed,
                "activates_at": nine, "retires_at": ten,
            ]),
        "users.login_attempts": Definition(
            [
                "scope": "login_account", "subject_hash": "\\x<hex>", "window_started_at": nine,
                "attempts": "1",
            ]),
        "users.subscription_changes": Definition(
            [
                "from_tier": "free", "to_tier": "plus", "reason": "purchase", "billing_event": "event_<n>",
                "changed_by": "provider",
            ],
            states: [
                "from_tier=plus": ["to_tier": "premium"],
                "from_tier=premium": ["to_tier": "plus"],
                "to_tier=free": ["from_tier": "plus"],
            ]),
        "users.curator_profiles": Definition(
            [
                "status": "approved", "name": "Ada invests", "bio": "Since 2015.",
                "philosophy": "Broad and cheap.", "applied_at": nine, "decided_at": ten,
                "decided_by": "operator",
            ],
            states: [
                "status=applied": ["decided_at": nil, "decided_by": nil],
                "status=declined": ["decision_reason": "Too thin."],
                "status=suspended": ["decision_reason": "Too loud."],
            ]),
        "users.erasures": Definition(
            [
                "subject_hash": "\\x<hex>", "erased_by": "operator", "reason": "asked for it",
                "erased_at": nine,
            ]),
    ]
}
