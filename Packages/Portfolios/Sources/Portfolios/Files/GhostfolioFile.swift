import ContractKit
import ExactTypes
import Foundation
import NIOCore
import PortfoliosContract
import ServiceKit
import SharedTypes
import TabularText

/// The export of Ghostfolio: `{meta, accounts, assetProfiles, activities: […], user}`.
///
/// Fields as its `export.service.ts` writes them: of an activity `accountId, comment, currency, dataSource, date,
/// fee, id, quantity, symbol, tags, type, unitPrice`. Ghostfolio knows no deposits, splits or transfers.
enum GhostfolioFile {
    /// What Ghostfolio calls a type, and what Grove makes of it.
    enum ActivityType: String, CaseIterable {
        case buy = "BUY"
        case sell = "SELL"
        case dividend = "DIVIDEND"
        case fee = "FEE"
        case interest = "INTEREST"
        /// A thing of value, which newer versions write as a purchase.
        case item = "ITEM"
        /// A debt, which a portfolio of Grove does not hold.
        case liability = "LIABILITY"

        var transactionType: TransactionType? {
            switch self {
            case .buy, .item: .buy
            case .sell: .sell
            case .dividend: .dividend
            case .fee: .fee
            case .interest: .interest
            case .liability: nil
            }
        }
    }

    /// The source of what a person names, where the symbol is often a UUID.
    static let manualSource = "MANUAL"

    /// What the format calls a field of a transaction.
    private static let fieldNames = [
        "instrument_id": "symbol", "unit_price": "unitPrice", "amount": "unitPrice", "lots": "quantity",
    ]

    /// Reads a file; throws a problem where it is no such export as a whole.
    ///
    /// - Parameter cancellation: is asked at each value and each row; nil where somebody waits in any case.
    static func read(_ bytes: ByteBuffer, _ cancellation: HeavyWork.Cancellation? = nil) throws
        -> ActivityFile
    {
        let file = try Fields(parsing: bytes, cancellation)
        let activities = try file.objects("activities", count: 0...ActivityFile.maximumRows)
        let names = names(try file.optionalObjects("assetProfiles") ?? [])
        var rows: [ActivityFile.Row] = []
        for (index, fields) in activities.enumerated() {
            try cancellation?.check()
            do throws(Problem) {
                rows.append(.activity(try Row(row: index + 1, fields: fields, names: names).activity()))
            } catch {
                rows.append(.refused(fault(index + 1, error, in: fields)))
            }
        }
        return ActivityFile(format: .ghostfolio, rows: rows, ignored: [], columnNames: fieldNames)
    }

    /// What people call the instruments of the file, by source and symbol. A profile that is not understood
    /// names nothing, and harms nothing.
    private static func names(_ profiles: [Fields]) -> [ActivityListing: String] {
        var names: [ActivityListing: String] = [:]
        for profile in profiles {
            guard let symbol = try? profile.string("symbol", length: 1...100),
                let source = try? profile.string("dataSource", length: 1...40),
                let name = try? profile.string("name", length: 1...200)
            else { continue }
            names[ActivityListing(source: source.uppercased(), exchange: "", symbol: symbol)] = name
        }
        return names
    }

    /// The row's fault, told by the field's own name instead of its path in the document.
    private static func fault(_ row: Int, _ problem: Problem, in fields: Fields) -> RowFault {
        let path = problem.field ?? ""
        let field = path.hasPrefix(fields.path + ".") ? String(path.dropFirst(fields.path.count + 1)) : path
        var reason = problem.detail ?? problem.title
        if reason.hasPrefix(path + " ") { reason = String(reason.dropFirst(path.count + 1)) }
        if reason.hasSuffix(".") { reason = String(reason.dropLast()) }
        return RowFault(row: row, column: field, reason)
    }
}

extension GhostfolioFile {
    /// One activity of the file.
    private struct Row {
        let row: Int
        let fields: Fields
        let names: [ActivityListing: String]

        func activity() throws(Problem) -> ImportedActivity {
            let kind = try fields.enumeration("type", ActivityType.self)
            guard let type = kind.transactionType else {
                throw fields.invalid("type", "is \(kind.rawValue), and a portfolio holds no debts")
            }
            let unit = try fields.currencyUnit("currency")
            let fee = try amount("fee", in: unit, optional: true)
            let quantity = try fields.looseDecimal("quantity", .nonNegative)
            let unitPrice = try amount("unitPrice", in: unit)
            guard let product = try? LedgerTransaction.gross(quantity: quantity, unitPrice: unitPrice) else {
                throw fields.invalid("quantity", "times unitPrice is out of range")
            }
            let listing = try listing()
            let name = names[listing]
            // Fees and interest of an account name themselves in the place of a symbol.
            let isOfAccount =
                (kind == .fee || kind == .interest) && listing.source == GhostfolioFile.manualSource
            let comment =
                try fields.has("comment") ? fields.string("comment", length: 0...500, multiline: true) : ""
            let note = comment.isEmpty && isOfAccount ? name ?? listing.symbol : comment
            let (gross, feeBeside) = try money(kind, product: product, fee: fee)
            let needsUnits = kind != .fee && kind != .interest
            guard !needsUnits || quantity.isPositive else {
                throw fields.invalid("quantity", "must be greater than 0")
            }
            return ImportedActivity(
                row: row, type: type, listing: isOfAccount ? nil : listing, name: name,
                quantity: needsUnits ? quantity : nil, unitPrice: needsUnits ? unitPrice : nil,
                grossAmount: gross,
                fee: feeBeside, currency: unit.currency, executedAt: try date(),
                split: nil, note: note.isEmpty ? nil : note,
                fileID: try fields.optionalString("id", length: 1...200))
        }

        /// The gross amount, and the fee beside it. A fee's amount stands in the field of fees.
        private func money(
            _ kind: ActivityType, product: FixedDecimal, fee: FixedDecimal
        ) throws(Problem) -> (gross: FixedDecimal, fee: FixedDecimal) {
            switch kind {
            case .fee:
                guard let whole = try? product + fee else { throw fields.invalid("fee", "is out of range") }
                guard whole.isPositive else { throw fields.invalid("fee", "must be greater than 0") }
                return (whole, .zero)
            case .dividend, .interest:
                guard product.isPositive else { throw fields.invalid("unitPrice", "must be greater than 0") }
                return (product, fee)
            default:
                return (product, fee)
            }
        }

        private func amount(
            _ name: String, in unit: CurrencyUnit, optional: Bool = false
        ) throws(Problem) -> FixedDecimal {
            if optional, !fields.has(name) { return .zero }
            let amount = try fields.looseDecimal(name, .nonNegative)
            do throws(ParseError) {
                return try unit.amount(of: amount)
            } catch {
                throw fields.invalid(name, error.reason)
            }
        }

        private func date() throws(Problem) -> Date {
            let text = try fields.string("date", length: 1...40)
            do throws(ParseError) {
                return try TabularFormat.plain.days.moment(text)
            } catch {
                throw fields.invalid("date", error.reason)
            }
        }

        private func listing() throws(Problem) -> ActivityListing {
            let symbol = try fields.string("symbol", length: 1...100).trimmingCharacters(in: .whitespaces)
            guard !symbol.isEmpty else { throw fields.invalid("symbol", "must not be empty") }
            let source =
                try fields.optionalString("dataSource", length: 1...40) ?? GhostfolioFile.manualSource
            do throws(RowFault) {
                return try ActivityListing(source: source, exchange: "", symbol: symbol)
                    .normal(row: row, source: "dataSource", exchange: "exchange")
            } catch {
                throw fields.invalid(error.column ?? "symbol", error.reason)
            }
        }
    }
}
