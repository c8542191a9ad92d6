import GroveFactories

/// What the constraints of Notifications refuse.
extension Violation {
    static let notifications: [String: [Violation]] = [
        "notifications.digests_channel_check": [["channel": "in_app"]],
        "notifications.digests_frequency_check": [["frequency": "none"]],
        "notifications.digests_leased_until_check": [["leased_until": ten]],
        "notifications.digests_state_check": [["sent_at": ten], ["state": "sent"]],
        "notifications.notification_deliveries_attempts_check": [["attempts": "-1"]],
        "notifications.notification_deliveries_channel_check": [["channel": "webhook"]],
        "notifications.notification_deliveries_digest_fkey": [
            ["digest_id": "<nobody>", "next_attempt_at": nil]
        ],
        "notifications.notification_deliveries_error_check": [
            ["status": "failed", "next_attempt_at": nil],
            ["error": ""],
            ["error": String(repeating: "x", count: 2001)],
        ],
        "notifications.notification_deliveries_next_attempt_at_check": [["next_attempt_at": nil]],
        "notifications.notification_deliveries_provider_id_check": [
            ["provider_id": ""],
            ["provider_id": String(repeating: "x", count: 301)],
        ],
        "notifications.notification_deliveries_sent_at_check": [["sent_at": ten]],
        "notifications.notification_preferences_digest_check": [["channel": "in_app"]],
        "notifications.notification_preferences_quiet_check": [
            ["quiet_until": "1320"],
            ["quiet_until": nil],
            ["quiet_from": "-1"],
            ["quiet_from": "1440"],
            ["quiet_until": "-1"],
            ["quiet_until": "1440"],
        ],
        "notifications.notification_preferences_revision_check": [["revision": "0"]],
        "notifications.notifications_body_check": [["body": String(repeating: "x", count: 4001)]],
        "notifications.notifications_data_check": [["data": "[]"], ["data": jsonObject(characters: 16385)]],
        "notifications.notifications_dedupe_key_check": [
            ["dedupe_key": ""],
            ["dedupe_key": String(repeating: "x", count: 301)],
        ],
        "notifications.notifications_request_id_check": [
            ["request_id": ""],
            ["request_id": String(repeating: "x", count: 101)],
        ],
        "notifications.notifications_template_check": [["template": "!"]],
        "notifications.notifications_title_check": [
            ["title": ""],
            ["title": String(repeating: "x", count: 201)],
        ],
        "notifications.push_devices_name_check": [
            ["name": ""],
            ["name": String(repeating: "x", count: 101)],
        ],
        "notifications.push_devices_token_check": [
            ["token": ""],
            ["token": String(repeating: "x", count: 1001)],
        ],
        "notifications.recipients_display_name_check": [
            ["display_name": ""],
            ["display_name": String(repeating: "x", count: 81)],
        ],
        "notifications.recipients_email_check": [
            ["email": "ada"],
            ["email": "ada@" + String(repeating: "x", count: 260)],
        ],
        "notifications.recipients_locale_check": [
            ["locale": "!"],
            ["locale": "de" + String(repeating: "-abcdefg", count: 5)],
        ],
        "notifications.recipients_time_zone_check": [["time_zone": "!"]],
        "notifications.sealing_key_proofs_purpose_check": [["purpose": "!"]],
        "notifications.sealing_key_proofs_sealed_check": [
            ["sealed": "\\x00"],
            ["sealed": "\\x" + String(repeating: "00", count: 257)],
        ],
        "notifications.webhook_deliveries_attempts_check": [["attempts": "-1"]],
        "notifications.webhook_deliveries_error_check": [
            ["status": "failed", "next_attempt_at": nil],
            ["error": ""],
            ["error": String(repeating: "x", count: 2001)],
        ],
        "notifications.webhook_deliveries_leased_until_check": [["status": "deferred", "leased_until": ten]],
        "notifications.webhook_deliveries_next_attempt_at_check": [["next_attempt_at": nil]],
        "notifications.webhook_deliveries_sent_at_check": [["sent_at": ten]],
        "notifications.webhook_endpoints_consecutive_failures_check": [["consecutive_failures": "-1"]],
        "notifications.webhook_endpoints_disabled_check": [
            ["disabled_at": ten],
            ["disabled_at": ten, "disabled_reason": ""],
            ["disabled_at": ten, "disabled_reason": String(repeating: "x", count: 501)],
        ],
        "notifications.webhook_endpoints_previous_secret_check": [
            ["previous_secret_until": ten],
            ["previous_sealed_secret": "\\x00", "previous_secret_until": ten],
            [
                "previous_sealed_secret": "\\x" + String(repeating: "00", count: 1025),
                "previous_secret_until": ten,
            ],
        ],
        "notifications.webhook_endpoints_revision_check": [["revision": "0"]],
        "notifications.webhook_endpoints_sealed_secret_check": [
            ["sealed_secret": "\\x00"],
            ["sealed_secret": "\\x" + String(repeating: "00", count: 1025)],
        ],
        "notifications.webhook_endpoints_url_check": [
            ["url": "!"],
            ["url": "https://" + String(repeating: "x", count: 2048)],
        ],
    ]
}
