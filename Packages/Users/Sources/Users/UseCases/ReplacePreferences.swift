import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import ServiceKit
import SharedTypes
import StrictJSON

/// Preferences as a person writes them.
struct PreferencesFields: Sendable {
    var baseCurrency: Currency
    var locale: String
    var theme: Theme
    var costBasisMethod: CostBasisMethod
    var settings: [String: JSONValue]
}

extension UsersModule {
    /// Replaces the preferences whose revision was read. Throws `invalid`, `changedMeanwhile` when there are newer
    /// ones, and `sessionEnded` when the account was closed meanwhile.
    func replacePreferences(
        of userID: User.ID, revision: Int, with fields: PreferencesFields
    ) async throws -> UserPreferenceRow {
        try check("locale") { () throws(ParseError) in try ProfileRules.checkLocale(fields.locale) }
        try check("settings") { () throws(ParseError) in try SettingsRules.check(fields.settings) }
        let now = Date()
        return try await database.transaction(as: userID.uuid) { transaction in
            try await holdOpen(userID, on: transaction)
            return try await replacePreferences(
                of: userID, revision: revision, with: fields, on: transaction, at: now)
        }
    }

    /// The same in a transaction that holds the account, with fields that were checked.
    func replacePreferences(
        of userID: User.ID, revision: Int, with fields: PreferencesFields,
        on transaction: DatabaseTransaction, at now: Date
    ) async throws -> UserPreferenceRow {
        let row = try await transaction.replacePreferences(
            baseCurrency: fields.baseCurrency, locale: fields.locale, theme: fields.theme,
            costBasisMethod: fields.costBasisMethod, settings: JSONValue.object(fields.settings).text,
            now: now, userID: userID, revision: revision)
        guard let row else { throw UsersError.changedMeanwhile }
        try await events.append(
            PreferencesChanged(revision: row.revision, locale: row.locale, changedAt: now),
            in: OperationContext(user: userID, transaction: transaction, now: now))
        return row
    }
}

/// What a client may keep in its settings: JSON that PostgreSQL keeps as it is, and not too much.
enum SettingsRules {
    /// Bytes of the compact text.
    static let maximumBytes = 16_384

    static func check(_ settings: [String: JSONValue]) throws(ParseError) {
        guard JSONValue.object(settings).text.utf8.count <= maximumBytes else {
            throw ParseError(reason: "is larger than 16 KiB")
        }
        try checkValue(.object(settings))
    }

    /// jsonb holds no NUL, and a number that Decimal cannot hold exactly was lost in reading.
    private static func checkValue(_ value: JSONValue) throws(ParseError) {
        switch value {
        case .null, .bool: break
        case .number(let number):
            guard !number.isNaN else { throw ParseError(reason: "holds a number of more than 38 digits") }
        case .string(let text): try checkText(text)
        case .array(let elements): for element in elements { try checkValue(element) }
        case .object(let members):
            for (name, member) in members {
                try checkText(name)
                try checkValue(member)
            }
        }
    }

    private static func checkText(_ text: String) throws(ParseError) {
        guard !text.unicodeScalars.contains("\u{0}") else {
            throw ParseError(reason: "holds a NUL character")
        }
    }
}
