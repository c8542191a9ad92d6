/// What the constraints of Journal refuse.
extension Violation {
    static let journal: [String: [Violation]] = [
        "journal.accounts_archived_at_check": [["archived_at": "2026-01-05T08:00:00Z"]],
        "journal.accounts_broker_check": [["broker": ""], ["broker": String(repeating: "x", count: 81)]],
        "journal.accounts_currency_check": [["currency": "!"]],
        "journal.accounts_name_check": [["name": String(repeating: "x", count: 81)], ["name": " "]],
        "journal.accounts_opened_on_check": [["opened_on": "1899-12-31"]],
        "journal.accounts_revision_check": [["revision": "0"]],
        "journal.imports_file_hash_check": [["file_hash": "\\x00"]],
        "journal.imports_file_name_check": [
            ["file_name": ""],
            ["file_name": String(repeating: "x", count: 256)],
        ],
        "journal.imports_report_check": [["report": "[]"], ["report": jsonObject(characters: 1048577)]],
        "journal.imports_rows_check": [
            ["rows_imported": "3"],
            ["rows_repaired": "3"],
            ["status": "failed"],
            ["rows_repaired": "-1"],
        ],
        "journal.journal_entries_at_check": [["at": "1800-01-01"]],
        "journal.journal_entries_corrects_check": [["corrects": "<id>"], ["type": "correction"]],
        "journal.journal_entries_deleted_at_check": [["deleted_at": "2026-01-05T08:00:00Z"]],
        "journal.journal_entries_external_id_check": [
            ["external_id": ""],
            ["external_id": String(repeating: "x", count: 201)],
        ],
        "journal.journal_entries_fees_check": [["fees": "-1"]],
        "journal.journal_entries_multiplier_check": [["multiplier": "0"]],
        "journal.journal_entries_note_check": [["note": ""], ["note": String(repeating: "x", count: 4001)]],
        "journal.journal_entries_option_check": [["strike": nil]],
        "journal.journal_entries_price_check": [["price": "-1"]],
        "journal.journal_entries_quantity_check": [["quantity": "0"]],
        "journal.journal_entries_revision_check": [["revision": "0"]],
        "journal.journal_entries_shares_check": [["type": "share_sale", "price": nil]],
        "journal.journal_entries_strike_check": [["strike": "0"]],
        "journal.journal_entries_symbol_check": [
            ["symbol": ""],
            ["symbol": String(repeating: "x", count: 41)],
            ["symbol": " x"],
        ],
        "journal.journal_entries_tags_check": [
            ["tags": "{NULL}"],
            ["tags": "{1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21}"],
            ["tags": "{" + String(repeating: "x", count: 2000) + "}"],
        ],
        "journal.journal_entries_underlying_check": [
            ["underlying": ""],
            ["underlying": String(repeating: "x", count: 21)],
            ["underlying": " x"],
        ],
    ]
}
