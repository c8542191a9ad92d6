/// The options journal.
extension Definition {
    static let journal: [String: Definition] = [
        "journal.accounts": Definition(
            [
                "name": "Options <n>", "broker": "IBKR", "premium_policy": "income", "month_policy": "cash",
                "opened_on": "2020-01-01",
            ]),
        "journal.imports": Definition(
            [
                "file_hash": "\\x<hex>", "file_name": "a.db", "status": "completed", "rows_read": "2",
                "rows_imported": "2", "rows_repaired": "1", "report": "{}",
            ],
            states: [
                "status=failed": ["rows_imported": "0", "rows_repaired": "0"]
            ]),
        "journal.journal_entries": Definition(
            [
                "at": nine, "type": "sell_to_open", "symbol": "ACME", "underlying": "ACME",
                "expiration": "2026-02-20", "strike": "10", "right": "put", "quantity": "1", "price": "0.5",
                "amount": "50", "fees": "0.65", "multiplier": "100", "external_id": "line<n>",
                "note": "first", "tags": "{wheel}",
            ],
            states: [
                "type=correction": ["corrects": "<parent>"]
            ]),
    ]
}
