import GroveFactories

/// What the constraints of the event log refuse.
extension Violation {
    static let platform: [String: [Violation]] = [
        "platform.consumer_cursors_handled_check": [["handled": "-1"]],
        "platform.consumer_cursors_partition_check": [["partition": "-1"], ["partition": "64"]],
        "platform.consumer_cursors_place_check": [
            ["epoch": "-1"],
            ["transaction_number": "-1"],
            ["position": "-2"],
        ],
        "platform.consumers_name_check": [["name": "!"]],
        "platform.consumers_partitions_check": [["partitions": "0"], ["partitions": "65"]],
        "platform.event_epochs_epoch_check": [["epoch": "0"]],
        "platform.event_epochs_reason_check": [
            ["reason": ""],
            ["reason": String(repeating: "x", count: 201)],
        ],
        "platform.payload_readers_role_check": [["role": "loans_service"], ["role": "!_worker"]],
        "platform.payload_readers_type_check": [
            ["type": "!"], ["type": "x." + String(repeating: "x", count: 80)],
        ],
        "platform.events_key_check": [["key": ""], ["key": String(repeating: "x", count: 201)]],
        "platform.events_payload_check": [["payload": "[]"], ["payload": jsonObject(characters: 65537)]],
        "platform.events_position_check": [["position": "-1"]],
        "platform.events_request_id_check": [
            ["request_id": ""],
            ["request_id": String(repeating: "x", count: 101)],
        ],
        "platform.events_transaction_number_check": [["transaction_number": "0"]],
        "platform.events_type_check": [["type": "!"], ["type": "x." + String(repeating: "x", count: 80)]],
        "platform.events_version_check": [["version": "0"]],
        "platform.idempotency_keys_expires_at_check": [["expires_at": nine]],
        "platform.idempotency_keys_key_check": [["key": ""], ["key": String(repeating: "x", count: 256)]],
        "platform.idempotency_keys_operation_check": [
            ["operation": ""],
            ["operation": String(repeating: "x", count: 101)],
        ],
        "platform.idempotency_keys_request_hash_check": [["request_hash": "\\x00"]],
        "platform.idempotency_keys_response_headers_check": [["response_headers": "[]"]],
        "platform.idempotency_keys_response_status_check": [
            ["response_status": "199"],
            ["response_status": "300"],
        ],
        "platform.jobs_attempts_check": [["attempts": "6"], ["attempts": "-1"]],
        "platform.jobs_error_check": [
            ["status": "failed", "finished_at": ten],
            ["error": ""],
            ["error": String(repeating: "x", count: 4001)],
        ],
        "platform.jobs_finished_at_check": [["finished_at": ten]],
        "platform.jobs_key_check": [["key": ""], ["key": String(repeating: "x", count: 201)]],
        "platform.jobs_lock_check": [
            ["locked_by": "p1", "locked_until": ten],
            ["status": "running", "locked_by": "p1"],
        ],
        "platform.jobs_locked_by_check": [
            ["status": "running", "locked_by": "", "locked_until": ten],
            ["status": "running", "locked_by": String(repeating: "x", count: 201), "locked_until": ten],
        ],
        "platform.jobs_maximum_attempts_check": [["maximum_attempts": "0"], ["maximum_attempts": "101"]],
        "platform.jobs_payload_check": [["payload": "[]"], ["payload": jsonObject(characters: 65537)]],
        "platform.jobs_type_check": [["type": "!"], ["type": "x." + String(repeating: "x", count: 80)]],
        "platform.parked_events_attempts_check": [["attempts": "0"], ["status": "held", "attempts": "-1"]],
        "platform.parked_events_error_check": [
            ["error": nil],
            ["error": ""],
            ["error": String(repeating: "x", count: 4001)],
        ],
        "platform.parked_events_next_attempt_at_check": [["next_attempt_at": ten]],
        "platform.parked_events_place_check": [
            ["epoch": "0"],
            ["transaction_number": "0"],
            ["position": "-1"],
        ],
        "platform.parked_events_resolution_check": [
            ["resolution": ""],
            ["resolution": String(repeating: "x", count: 1001)],
        ],
        "platform.parked_events_resolved_at_check": [["resolved_at": ten]],
        "platform.parked_events_resolved_by_check": [
            ["resolved_by": ""],
            ["resolved_by": String(repeating: "x", count: 201)],
        ],
        "platform.parked_events_skipped_check": [["status": "skipped", "resolved_at": ten]],
    ]
}
