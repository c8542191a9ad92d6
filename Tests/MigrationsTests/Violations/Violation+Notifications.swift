import GroveFactories

/// What the constraints of Notifications refuse.
extension Violation {
    static let notifications: [String: Violation] = [
        "notifications.digests_channel_check": ["channel": "in_app"],
        "notifications.digests_frequency_check": ["frequency": "none"],
        "notifications.notification_deliveries_attempts_check": ["attempts": "-1"],
        "notifications.notification_deliveries_digest_fkey": [
            "digest_id": "<nobody>", "next_attempt_at": nil,
        ],
        "notifications.notification_deliveries_error_check": ["status": "failed", "next_attempt_at": nil],
        "notifications.notification_deliveries_next_attempt_at_check": ["next_attempt_at": nil],
        "notifications.notification_deliveries_provider_id_check": ["provider_id": ""],
        "notifications.notification_deliveries_sent_at_check": ["sent_at": ten],
        "notifications.notification_preferences_digest_check": ["channel": "in_app"],
        "notifications.notification_preferences_quiet_check": ["quiet_until": "1320"],
        "notifications.notification_preferences_revision_check": ["revision": "0"],
        "notifications.notifications_body_check": ["body": String(repeating: "x", count: 4001)],
        "notifications.notifications_data_check": ["data": "[]"],
        "notifications.notifications_dedupe_key_check": ["dedupe_key": ""],
        "notifications.notifications_template_check": ["template": "!"],
        "notifications.notifications_title_check": ["title": ""],
        "notifications.push_devices_name_check": ["name": ""],
        "notifications.push_devices_token_check": ["token": ""],
        "notifications.recipients_display_name_check": ["display_name": ""],
        "notifications.recipients_email_check": ["email": "!"],
        "notifications.recipients_locale_check": ["locale": "!"],
        "notifications.recipients_time_zone_check": ["time_zone": "!"],
        "notifications.webhook_endpoints_consecutive_failures_check": ["consecutive_failures": "-1"],
        "notifications.webhook_endpoints_disabled_check": ["disabled_at": ten],
        "notifications.webhook_endpoints_revision_check": ["revision": "0"],
        "notifications.webhook_endpoints_sealed_secret_check": ["sealed_secret": "\\x00"],
        "notifications.webhook_endpoints_url_check": ["url": "!"],
    ]
}
