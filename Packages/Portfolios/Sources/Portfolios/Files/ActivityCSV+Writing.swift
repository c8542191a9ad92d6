import ExactTypes
import Foundation
import ServiceKit
import SharedTypes
import StrictJSON
import TabularText

extension ActivityCSV {
    /// Writes every activity, so that reading the file gives the same ones. Only which lots a sale names is not
    /// carried, since a lot is named by its opening transaction, which gets another id where it is imported.
    static func write(_ activities: [ExportedActivity]) -> String {
        let header = Column.allCases.map(\.rawValue).joined(separator: ",")
        let lines = activities.map { activity in
            Column.allCases.map { quoted(field($0, of: activity)) }.joined(separator: ",")
        }
        return ([header] + lines).joined(separator: "\r\n") + "\r\n"
    }

    private static func field(_ column: Column, of activity: ExportedActivity) -> String {
        let entry = activity.entry
        switch column {
        case .id: return entry.id.description
        case .date: return entry.executedAt.rfc3339
        case .type: return entry.type.rawValue
        case .source: return activity.listing?.source ?? ""
        case .exchange: return activity.listing?.exchange ?? ""
        case .symbol: return activity.listing?.symbol ?? ""
        case .name: return activity.name ?? ""
        case .quantity: return entry.quantity?.description ?? ""
        case .unitPrice: return entry.unitPrice?.description ?? ""
        case .amount: return entry.type == .split ? "" : entry.grossAmount.description
        case .fee: return (try? entry.feesOfTrade())?.description ?? ""
        case .currency: return entry.currency.code
        case .splitTo: return entry.split?.to.description ?? ""
        case .splitFrom: return entry.split?.from.description ?? ""
        case .note: return activity.note ?? ""
        }
    }

    private static func quoted(_ field: String) -> String {
        let field = withFormulaMark(field)
        guard field.contains(where: { ",;\t\"".contains($0) || $0.isNewline }) else { return field }
        return "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }
}

/// A spreadsheet runs a field as a formula where it begins in a certain way, and files go on to other people.
extension ActivityCSV {
    /// The field as it is written: with an apostrophe before it where a spreadsheet would run it. One that only
    /// looks marked gets another, so that reading takes exactly that one off.
    static func withFormulaMark(_ field: String) -> String { looksLikeFormula(field) ? "'" + field : field }

    /// The field as it was before ``withFormulaMark(_:)``.
    static func withoutFormulaMark(_ field: String) -> String {
        field.utf8.first == UInt8(ascii: "'") && looksLikeFormula(field) ? String(field.dropFirst()) : field
    }

    /// Whether, behind any apostrophes, the field begins as a formula does and is no number.
    private static func looksLikeFormula(_ field: String) -> Bool {
        let rest = field.unicodeScalars.drop { $0 == "'" }
        // The wide forms are those of Japanese keyboards, which spreadsheets read as the narrow ones.
        guard let first = rest.first,
            "=+-@\t\r\n\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains(first)
        else { return false }
        return !FigureFormat.isPlain(String(rest))
    }
}
