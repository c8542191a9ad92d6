import GroveFactories

/// What the constraints of Users refuse.
extension Violation {
    static let users: [String: [Violation]] = [
        "users.curator_profiles_bio_check": [["bio": String(repeating: "x", count: 2001)]],
        "users.curator_profiles_decided_at_check": [["status": "applied"], ["applied_at": eleven]],
        "users.curator_profiles_decided_by_check": [
            ["decided_by": "<user_id>"],
            ["decided_by": ""],
            ["decided_by": String(repeating: "x", count: 201)],
        ],
        "users.curator_profiles_decision_check": [["decided_by": nil]],
        "users.curator_profiles_decision_reason_check": [
            ["status": "declined"],
            ["decision_reason": ""],
            ["decision_reason": String(repeating: "x", count: 1001)],
        ],
        "users.curator_profiles_name_check": [["name": String(repeating: "x", count: 81)], ["name": " "]],
        "users.curator_profiles_philosophy_check": [["philosophy": String(repeating: "x", count: 4001)]],
        "users.curator_profiles_revision_check": [["revision": "0"]],
        "users.email_tokens_expires_at_check": [["expires_at": nine]],
        "users.email_tokens_token_hash_length_check": [["token_hash": "\\x00"]],
        "users.outgoing_mails_attempts_check": [["attempts": "-1"]],
        "users.outgoing_mails_error_length_check": [
            ["error": ""],
            ["error": String(repeating: "x", count: 1001)],
        ],
        "users.outgoing_mails_expires_at_check": [["expires_at": nine]],
        "users.outgoing_mails_recipient_length_check": [
            ["recipient": "a@"],
            ["recipient": String(repeating: "x", count: 255)],
        ],
        "users.outgoing_mails_request_id_check": [
            ["request_id": ""],
            ["request_id": String(repeating: "x", count: 101)],
        ],
        "users.outgoing_mails_sealed_body_length_check": [
            ["sealed_body": "\\x00"],
            ["sealed_body": "\\x" + String(repeating: "00", count: 65_537)],
        ],
        "users.outgoing_mails_subject_length_check": [
            ["subject": ""],
            ["subject": String(repeating: "x", count: 201)],
        ],
        "users.erasures_erased_by_check": [
            ["erased_by": ""],
            ["erased_by": String(repeating: "x", count: 201)],
        ],
        "users.erasures_reason_check": [["reason": ""], ["reason": String(repeating: "x", count: 1001)]],
        "users.erasures_subject_hash_check": [["subject_hash": "\\x00"]],
        "users.login_attempts_attempts_check": [["attempts": "0"]],
        "users.login_attempts_subject_hash_length_check": [["subject_hash": "\\x00"]],
        "users.refresh_tokens_expires_at_check": [["expires_at": nine]],
        "users.refresh_tokens_generation_check": [["generation": "0"]],
        "users.refresh_tokens_parent_generation_check": [["generation": "2"]],
        "users.refresh_tokens_parent_id_fkey": [["generation": "2", "parent_id": "<nobody>"]],
        "users.refresh_tokens_parent_id_key": [
            .beside(
                ["generation": "2"],
                [
                    "user_id": "<first.user_id>", "session_id": "<first.session_id>",
                    "parent_id": "<first.parent_id>", "generation": "3",
                ])
        ],
        "users.refresh_tokens_token_hash_length_check": [["token_hash": "\\x00"]],
        "users.sessions_address_length_check": [["address": String(repeating: "x", count: 65)]],
        "users.sessions_ended_check": [["ended_at": ten]],
        "users.sessions_expires_at_check": [["expires_at": nine]],
        "users.sessions_user_agent_length_check": [["user_agent": String(repeating: "x", count: 257)]],
        "users.signing_keys_newest_key": [
            .beside(
                ["retires_at": nil],
                ["retires_at": nil])
        ],
        "users.signing_keys_public_key_length_check": [["public_key": "\\x00"]],
        "users.signing_keys_retires_at_check": [["retires_at": nine]],
        "users.subscription_changes_billing_event_check": [
            ["billing_event": ""],
            ["billing_event": String(repeating: "x", count: 201)],
        ],
        "users.subscription_changes_changed_by_check": [
            ["changed_by": ""],
            ["changed_by": String(repeating: "x", count: 201)],
        ],
        "users.subscription_changes_tiers_check": [["to_tier": "free"]],
        "users.user_preferences_base_currency_form_check": [["base_currency": "!"]],
        "users.user_preferences_locale_form_check": [
            ["locale": "!"],
            ["locale": "de" + String(repeating: "-abcdefg", count: 5)],
        ],
        "users.user_preferences_revision_check": [["revision": "0"]],
        "users.user_preferences_settings_object_check": [["settings": "[]"]],
        "users.user_preferences_settings_size_check": [["settings": jsonObject(characters: 32769)]],
        "users.user_profiles_avatar_url_form_check": [
            ["avatar_url": "!"],
            ["avatar_url": "https://" + String(repeating: "x", count: 2048)],
        ],
        "users.user_profiles_country_form_check": [["country": "!"]],
        "users.user_profiles_date_of_birth_past_check": [
            ["date_of_birth": "2026-01-05"],
            ["date_of_birth": "1899-12-31"],
        ],
        "users.user_profiles_display_name_length_check": [
            ["display_name": ""],
            ["display_name": String(repeating: "x", count: 81)],
        ],
        "users.user_profiles_revision_check": [["revision": "0"]],
        "users.user_profiles_time_zone_form_check": [["time_zone": "!"]],
        "users.users_active_verified_check": [["email_verified_at": nil]],
        "users.users_closed_at_check": [["closed_at": ten]],
        "users.users_email_form_check": [
            ["email": "ada"],
            ["email": "ada@" + String(repeating: "x.", count: 130) + "com"],
        ],
        "users.users_email_key": [
            .beside(
                ["email": "ada@example.com"],
                ["email": "ADA@example.com"])
        ],
        "users.users_password_hash_form_check": [
            ["password_hash": "md5"],
            ["password_hash": "$argon2id$" + String(repeating: "x", count: 255)],
        ],
        "users.users_wallet_address_form_check": [["wallet_address": "!"]],
        "users.users_wallet_address_key": [
            .beside(
                ["wallet_address": "0x52908400098527886E0F7030069857D2E4169EE7"],
                ["wallet_address": "0x52908400098527886e0f7030069857d2e4169ee7"])
        ],
    ]
}
