import ExactTypes
import Foundation
import NIOCore
import PortfoliosContract
import ServiceKit
import SharedTypes
import StrictJSON
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
        let file = try MemberReader(try JSONValue(body: bytes, cancellation), .request)
        let activities = try file.required(
            "activities", .array(of: .members, count: 0...ActivityFile.maximumRows))
        let names = names(try file.optional("assetProfiles", .array(of: .members)) ?? [])
        var rows: [ActivityFile.Row] = []
        for (index, fields) in activities.enumerated() {
            try cancellation?.check()
            do throws(FieldError) {
                rows.append(.activity(try Row(row: index + 1, fields: fields, names: names).activity()))
            } catch {
                rows.append(.refused(RowFault(row: index + 1, column: error.field, error.reason)))
            }
        }
        return ActivityFile(format: .ghostfolio, rows: rows, ignored: [], columnNames: fieldNames)
    }

    /// What people call the instruments of the file, by source and symbol. A profile that is not understood
    /// names nothing, and harms nothing.
    private static func names(_ profiles: [MemberReader]) -> [ActivityListing: String] {
        var names: [ActivityListing: String] = [:]
        for profile in profiles {
            guard let symbol = try? profile.required("symbol", .text(length: 1...100)),
                let source = try? profile.required("dataSource", .text(length: 1...40)),
                let name = try? profile.required("name", .text(length: 1...200))
            else { continue }
            names[ActivityListing(source: source.uppercased(), exchange: "", symbol: symbol)] = name
        }
        return names
    }
}

extension GhostfolioFile {
    /// One activity of the file.
    private struct Row {
        let row: Int
        let fields: MemberReader
        let names: [ActivityListing: String]

        func activity() throws(FieldError) -> ImportedActivity {
            let kind = try fields.required("type", ValueReader<ActivityType>.choice)
            guard let type = kind.transactionType else {
                throw FieldError(field: "type", reason: "is \(kind.rawValue), and a portfolio holds no debts")
            }
            let unit = try fields.required("currency", .currencyUnit)
            let fee = try amount("fee", fields.optional("fee", .figure) ?? .zero, in: unit)
            let quantity = try fields.required("quantity", .figure)
            let unitPrice = try amount("unitPrice", fields.required("unitPrice", .figure), in: unit)
            guard let product = try? LedgerTransaction.gross(quantity: quantity, unitPrice: unitPrice) else {
                throw FieldError(field: "quantity", reason: "times unitPrice is out of range")
            }
            let listing = try listing()
            let name = names[listing]
            // Fees and interest of an account name themselves in the place of a symbol.
            let isOfAccount =
                (kind == .fee || kind == .interest) && listing.source == GhostfolioFile.manualSource
            let comment = try fields.optional("comment", .text(length: 0...500, multiline: true)) ?? ""
            let note = comment.isEmpty && isOfAccount ? name ?? listing.symbol : comment
            let (gross, feeBeside) = try money(kind, product: product, fee: fee)
            let needsUnits = kind != .fee && kind != .interest
            guard !needsUnits || quantity.isPositive else {
                throw FieldError(field: "quantity", reason: "must be greater than 0")
            }
            return ImportedActivity(
                row: row, type: type, listing: isOfAccount ? nil : listing, name: name,
                quantity: needsUnits ? quantity : nil, unitPrice: needsUnits ? unitPrice : nil,
                grossAmount: gross,
                fee: feeBeside, currency: unit.currency,
                executedAt: try fields.required("date", .moment(of: .plain)),
                split: nil, note: note.isEmpty ? nil : note,
                fileID: try fields.optional("id", .text(length: 1...200)))
        }

        /// The gross amount, and the fee beside it. A fee's amount stands in the field of fees.
        private func money(
            _ kind: ActivityType, product: FixedDecimal, fee: FixedDecimal
        ) throws(FieldError) -> (gross: FixedDecimal, fee: FixedDecimal) {
            switch kind {
            case .fee:
                guard let whole = try? product + fee else {
                    throw FieldError(field: "fee", reason: "is out of range")
                }
                guard whole.isPositive else {
                    throw FieldError(field: "fee", reason: "must be greater than 0")
                }
                return (whole, .zero)
            case .dividend, .interest:
                guard product.isPositive else {
                    throw FieldError(field: "unitPrice", reason: "must be greater than 0")
                }
                return (product, fee)
            default:
                return (product, fee)
            }
        }

        private func amount(
            _ name: String, _ figure: FixedDecimal, in unit: CurrencyUnit
        ) throws(FieldError) -> FixedDecimal {
            try FieldError.checked(name, figure, unit.amount(of:))
        }

        private func listing() throws(FieldError) -> ActivityListing {
            let symbol = try fields.required("symbol", .text(length: 1...100))
                .trimmingCharacters(in: .whitespaces)
            guard !symbol.isEmpty else { throw FieldError(field: "symbol", reason: "must not be empty") }
            let source =
                try fields.optional("dataSource", .text(length: 1...40)) ?? GhostfolioFile.manualSource
            do throws(RowFault) {
                return try ActivityListing(source: source, exchange: "", symbol: symbol)
                    .normal(row: row, source: "dataSource", exchange: "exchange")
            } catch {
                throw FieldError(field: error.column ?? "symbol", reason: error.reason)
            }
        }
    }
}

extension ValueReader where Value == MemberReader {
    /// An object, whose members are read one by one.
    fileprivate static var members: ValueReader {
        ValueReader { value, rules throws(FieldError) in try MemberReader(value, rules) }
    }
}

extension ValueReader where Value == FixedDecimal {
    /// A figure that is not negative, written as a number or as a string. A number of more than 18 decimals is rounded half
    /// to even, because vendors write what their binary floats print, unless nothing would be left of it; a string is
    /// never rounded.
    fileprivate static var figure: ValueReader {
        ValueReader { value, rules throws(FieldError) in
            guard case .number(let number) = value else {
                return try ValueReader.decimal(.nonNegative)(value, rules)
            }
            guard let figure = try? FixedDecimal(rounding: number) else {
                throw FieldError(field: "", reason: "is out of range")
            }
            guard !figure.isZero || number.isZero else {
                throw FieldError(field: "", reason: "has no digit in the first 18 decimals")
            }
            guard !figure.isNegative else {
                throw FieldError(field: "", reason: DecimalRange.nonNegative.reason)
            }
            return figure
        }
    }
}

extension ValueReader where Value == Date {
    /// A moment as files write it.
    fileprivate static func moment(of format: TabularFormat) -> ValueReader {
        .parsed { text throws(ParseError) in
            guard text.unicodeScalars.count <= 40 else {
                throw ParseError(reason: "is longer than 40 characters")
            }
            return try format.days.moment(text)
        }
    }
}
