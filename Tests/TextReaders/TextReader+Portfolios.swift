import ExactTypes
import NIOCore
import PortfoliosContract
import ServiceKit
import SharedTypes
import StrictJSON

@testable import Portfolios

extension TextReader {
    static let portfolios = [
        TextReader(
            "activity-csv",
            """
            date;type;symbol;source;exchange;quantity;unit_price;amount;fee;currency;note;id
            2021-01-04;buy;MSFT;YAHOO;XNAS;1,5;10;;0,1;GBp;"a;b";7
            20210105;deposit;;;;;;100;;CHF;;
            """,
            accept: { try ActivityCSV.read(ByteBuffer(bytes: $0)).hasActivity }),
        TextReader(
            "ghostfolio",
            """
            {"meta": {"date": "2021", "version": "1"},
             "assetProfiles": [{"symbol": "A", "dataSource": "YAHOO", "name": "Alpha"}],
             "activities": [{"fee": 0, "quantity": 1.5, "type": "BUY", "unitPrice": 1e2, "currency": "USD",
               "dataSource": "YAHOO", "date": "2021-01-04T00:00:00.000Z", "symbol": "A", "comment": "x"}]}
            """,
            accept: { try GhostfolioFile.read(ByteBuffer(bytes: $0)).hasActivity }),
        TextReader(
            "new-transaction",
            """
            {"type": "buy", "executed_at": "2024-05-02T10:00:00Z", "quantity": "2", "unit_price": "3.5",
             "instrument": {"symbol": "ACME", "currency": "USD"}, "fx_rate": "1.1", "lots": [],
             "fees": [{"kind": "commission", "amount": "0.05"}]}
            """,
            #"{"type": "split", "executed_at": "2024-05-02T10:00:00Z", "split_from": 1, "split_to": 4}"#,
            accept: { bytes in
                _ = try PortfoliosAPI.NewTransaction(reading: JSONParser.parse(bytes), .request)
                return true
            }),
        TextReader(
            text: "lot-cursor", sampleCursor,
            parse: { try Cursor.decode($0, as: Instrument.ID.self, CursorMoment.self, Lot.ID.self) }),
    ]

    private static let sampleCursor = Cursor.encode([
        "01a1fba4-b718-7a24-9c7d-3f2b8e1d0c5a", "1700000000000000", "01a1fba4-b718-7a24-9c7d-3f2b8e1d0c5b",
    ])
}

extension ActivityFile {
    /// Whether a row was understood.
    fileprivate var hasActivity: Bool {
        rows.contains { if case .activity = $0 { true } else { false } }
    }
}
