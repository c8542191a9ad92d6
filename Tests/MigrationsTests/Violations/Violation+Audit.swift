/// What the constraints of the audit refuse.
extension Violation {
    static let audit: [String: [Violation]] = [
        "audit.entries_action_check": [["action": "!"]],
        "audit.entries_actor_check": [["actor": ""], ["actor": String(repeating: "x", count: 201)]],
        "audit.entries_after_check": [["after": "[]"]],
        "audit.entries_before_check": [["before": "[]"]],
        "audit.entries_entity_check": [["entity": "!"]],
        "audit.entries_entity_id_check": [
            ["entity_id": ""],
            ["entity_id": String(repeating: "x", count: 201)],
        ],
        "audit.entries_request_id_check": [
            ["request_id": ""],
            ["request_id": String(repeating: "x", count: 101)],
        ],
        "audit.entries_service_check": [["service": "!"]],
        "audit.entries_size_check": [["after": jsonObject(characters: 131073)]],
    ]
}
