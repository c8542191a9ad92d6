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

    /// Those of a new account that says nothing of itself.
    static let standard = PreferencesFields(
        baseCurrency: .usd, locale: "en", theme: .system, costBasisMethod: .fifo, settings: [:])

    /// Throws a fault of a field.
    func validate() throws(FieldError) {
        try check("locale") { () throws(ParseError) in try ProfileRules.checkLocale(locale) }
        try check("settings") { () throws(ParseError) in try SettingsRules.check(settings) }
    }
}

/// Replaces a person's preferences. `requireMatch` sees the revision that stands, under a lock, before anything is
/// written. Throws a fault of a field, and what ``findAccount(of:on:)`` throws.
func replacePreferences(
    of principal: Principal, with fields: PreferencesFields, events: EventLog, in context: OperationContext,
    check requireMatch: (Int) throws -> Void
) async throws -> UserPreferenceRow {
    try fields.validate()
    try await lockOpenAccount(in: context)
    _ = try await findAccount(of: principal, on: context.transaction)
    guard let standing = try await context.transaction.lockPreferences(userID: try context.user) else {
        throw UsersError.sessionEnded
    }
    try requireMatch(standing)
    return try await storePreferences(fields, events: events, in: context)
}

/// Stores preferences that were checked, and says so.
func storePreferences(
    _ fields: PreferencesFields, events: EventLog, in context: OperationContext
) async throws -> UserPreferenceRow {
    let row = try await context.transaction.replacePreferences(
        baseCurrency: fields.baseCurrency, locale: fields.locale, theme: fields.theme,
        costBasisMethod: fields.costBasisMethod, settings: JSONValue.object(fields.settings).text,
        now: context.now, userID: try context.user)
    try await events.append(
        PreferencesChanged(revision: row.revision, locale: row.locale, changedAt: context.now), in: context)
    return row
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
