import ExactTypes
import Foundation
import PortfoliosContract
import SharedTypes

/// What an import file says, row by row.
struct ActivityFile: Sendable, Hashable {
    /// How many rows one file may have.
    static let maximumRows = 20_000

    /// A row that was understood, or the reason why it was not.
    enum Row: Sendable, Hashable {
        case activity(ImportedActivity)
        case refused(RowFault)
    }

    /// Its name is also the source under which the rows' ids are unique.
    let format: PortfoliosAPI.ActivityFormat
    /// In the order of the file.
    let rows: [Row]
    /// Columns or fields of the file that Grove does not use, by name.
    let ignored: [String]
    /// What the file calls a field of a transaction, where it calls it otherwise: "unit_price": "Price".
    let columnNames: [String: String]
}

/// The names by which an instrument is known outside.
struct ActivityListing: Sendable, Hashable {
    /// Who names the symbol, in capitals: "YAHOO"; nil where the file does not say.
    let source: String?
    /// Empty where it is not known.
    let exchange: String
    let symbol: String
}

/// One activity of a file, in Grove's terms.
struct ImportedActivity: Sendable, Hashable {
    /// The line of the file on which it begins; in Ghostfolio's file, its place among the activities.
    let row: Int
    let type: TransactionType
    let listing: ActivityListing?
    /// What a person calls the instrument, where the file tells it.
    let name: String?
    let quantity: Quantity?
    let unitPrice: FixedDecimal?
    let grossAmount: FixedDecimal
    let fee: FixedDecimal
    let currency: Currency
    let executedAt: Date
    let split: SplitShares?
    let note: String?
    /// The id that the file itself gives to the row.
    let fileID: String?

    /// So many shares for so many.
    struct SplitShares: Sendable, Hashable {
        let to: Int32
        let from: Int32
    }
}

extension ImportedActivity {
    /// What the row says, but for words that a person may change, like a note: rows with the same content are
    /// the same activity when a file comes a second time.
    var content: String {
        [
            String(Int((executedAt.timeIntervalSince1970 * 1_000_000).rounded())), type.rawValue,
            listing?.source ?? "", listing?.exchange ?? "", listing?.symbol ?? "",
            quantity?.description ?? "", unitPrice?.description ?? "", grossAmount.description,
            fee.description,
            currency.code, split.map { "\($0.to):\($0.from)" } ?? "",
        ].joined(separator: "\u{1F}")
    }

    /// The stable external ids of a file's activities: the file's own id, else a hash of the content with the
    /// ordinal among equal rows, so that two real equal purchases are two, and the same file twice is once.
    static func externalIDs(_ activities: [ImportedActivity]) -> [String] {
        var seen: [String: Int] = [:]
        return activities.map { activity in
            // Some tools write an export's own ids in capitals.
            if let id = activity.fileID { return Transaction.ID(id)?.description ?? id }
            let content = activity.content
            seen[content, default: 0] += 1
            return "\(ContentHash(content))-\(seen[content, default: 1])"
        }
    }
}

extension ImportedActivity {
    /// What the rules see of it. Figures that its type does not have are left out, a unit price that follows from
    /// the amount is worked out.
    func entry(id: Transaction.ID, instrumentID: Instrument.ID?) throws(LedgerFault) -> LedgerTransaction {
        var entry = LedgerTransaction(
            id: id, type: type, instrumentID: instrumentID, grossAmount: grossAmount, currency: currency,
            executedAt: executedAt)
        switch type {
        case .deposit, .withdrawal, .interest, .fee, .split: return entry
        case .dividend, .returnOfCapital:
            entry.quantity = quantity.flatMap { $0.isPositive ? $0 : nil }
            entry.unitPrice = entry.quantity == nil ? nil : unitPrice
        case .buy, .sell, .transferIn, .transferOut, .adjustment:
            entry.quantity = quantity
            entry.unitPrice = unitPrice
        }
        if let quantity = entry.quantity, quantity.isPositive, entry.unitPrice == nil, grossAmount.isPositive
        {
            entry.unitPrice = try entry.checked { () throws(ArithmeticError) in
                try grossAmount.divided(by: quantity)
            }
        }
        guard type != .transferIn || entry.unitPrice != nil else {
            throw LedgerFault(entry, .field("unit_price", "is required: what one unit had cost"))
        }
        return entry
    }
}

/// FNV-1a with 128 bits: it tells the rows of one person's files apart, and guards against nobody.
struct ContentHash: Sendable, Hashable, CustomStringConvertible {
    private let value: UInt128

    init(_ text: String) {
        let prime: UInt128 = (1 << 88) + 0x13B
        var hash: UInt128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D
        for byte in text.utf8 { hash = (hash ^ UInt128(byte)) &* prime }
        value = hash
    }

    /// 32 hexadecimal digits.
    var description: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }
}
