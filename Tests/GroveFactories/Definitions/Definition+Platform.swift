/// The event log, its consumers and jobs, and what requests leave behind.
extension Definition {
    static let platform: [String: Definition] = [
        "platform.migrations": Definition(
            [
                "version": "factory<n>", "name": "none", "checksum": "", "applied_at": nine,
                "duration_milliseconds": "1",
            ]),
        "platform.idempotency_keys": Definition(
            [
                "operation": "createPortfolio", "key": "key<n>", "request_hash": "\\x<hex>",
                "response_status": "201", "response_headers": "{}", "response_body": "",
                "expires_at": aMonthLater,
            ]),
        "platform.event_epochs": Definition(["epoch": "10<n>", "reason": "restored", "began_at": nine]),
        "platform.events": Definition(
            [
                "epoch": "1", "transaction_number": "<n>", "position": "0", "type": "transaction.posted",
                "version": "1", "key": "transaction<n>", "payload": "{}", "request_id": "r1",
                "occurred_at": nine, "owner_id": "<parent>",
            ]),
        "platform.payload_readers": Definition(["role": "x<n>_worker", "type": "transaction.posted"]),
        "platform.consumers": Definition(["name": "gamification.quests_<n>", "partitions": "1"]),
        "platform.consumer_cursors": Definition(
            [
                "partition": "0", "epoch": "1", "transaction_number": "1000", "position": "0",
                "handled": "1",
            ]),
        "platform.parked_events": Definition(
            [
                "epoch": "1", "transaction_number": "1000", "position": "0", "status": "parked",
                "attempts": "5", "error": "no such quest", "owner_id": "<parent>",
            ],
            states: [
                "status=retrying": ["next_attempt_at": ten],
                "status=done": ["resolved_at": ten],
                "status=skipped": [
                    "resolved_at": ten, "resolved_by": "operator", "resolution": "It was a test.",
                ],
            ]),
        "platform.jobs": Definition(
            [
                "type": "notifications.send_digest", "key": "<day>", "payload": "{}", "status": "scheduled",
                "run_at": nine, "attempts": "0", "maximum_attempts": "5", "owner_id": "<parent>",
            ],
            states: [
                "status=running": ["locked_by": "process1", "locked_until": ten],
                "status=succeeded": ["finished_at": ten],
                "status=failed": ["finished_at": ten, "error": "No such quest."],
                "status=cancelled": ["finished_at": ten],
            ]),
    ]
}
