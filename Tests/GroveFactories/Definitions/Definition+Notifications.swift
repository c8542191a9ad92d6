/// What is told to whom, by which channel.
extension Definition {
    static let notifications: [String: Definition] = [
        "notifications.recipients": Definition(
            [
                "email": "user@example.com", "display_name": "Ada", "locale": "de-CH",
                "time_zone": "Europe/Zurich", "source_updated_at": nine,
            ]),
        "notifications.notification_preferences": Definition(
            [
                "category": "loans", "channel": "email", "enabled": "true", "quiet_from": "1320",
                "quiet_until": "420", "digest": "daily",
            ],
            states: [
                "channel=in_app": ["digest": "none"],
                "channel=webhook": ["digest": "none"],
            ]),
        "notifications.notifications": Definition(
            [
                "category": "gamification", "template": "level.reached", "title": "Level 2", "body": "",
                "data": "{}", "dedupe_key": "level.reached:<n>", "priority": "normal",
                "request_id": "r1",
            ]),
        "notifications.digests": Definition(
            ["channel": "email", "frequency": "daily", "day": "<day>", "state": "open"],
            states: ["state=sent": ["sent_at": ten]]),
        "notifications.notification_deliveries": Definition(
            ["channel": "email", "status": "pending", "attempts": "0", "next_attempt_at": ten],
            states: [
                "status=sent": ["next_attempt_at": nil, "sent_at": ten],
                "status=failed": ["next_attempt_at": nil, "error": "No such address."],
                "status=suppressed": ["next_attempt_at": nil],
            ]),
        "notifications.webhook_deliveries": Definition(
            ["status": "pending", "attempts": "0", "next_attempt_at": ten],
            states: [
                "status=sent": ["next_attempt_at": nil, "sent_at": ten],
                "status=failed": ["next_attempt_at": nil, "error": "No answer."],
                "status=suppressed": ["next_attempt_at": nil],
            ]),
        "notifications.push_devices": Definition(
            ["platform": "apns", "token": "token<n>", "name": "Phone", "last_seen_at": nine]),
        "notifications.sealing_key_proofs": Definition(["purpose": "purpose<n>", "sealed": sealed]),
        "notifications.webhook_endpoints": Definition(
            [
                "url": "https://example.com/hook<n>", "sealed_secret": sealed, "consecutive_failures": "0",
            ]),
    ]
}
