import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import ServiceKit
import SharedTypes
import StrictJSON
import UsersContract

extension UsersAPI.PreferencesFields {
    /// Those of a new account that says nothing of itself.
    static let standard = Self(baseCurrency: .usd, locale: "en", theme: .system, costBasisMethod: .fifo)

    /// What is kept of the settings: where they are left out, none.
    var keptSettings: JSONValue { settings ?? .object([:]) }
}

/// Replaces a person's preferences. `requireMatch` sees the revision that stands, under a lock, before anything is
/// written. Throws a fault of a field, and what ``findAccount(of:on:)`` throws.
func replacePreferences(
    of principal: Principal, with fields: UsersAPI.PreferencesFields, events: EventLog,
    in context: OperationContext,
    check requireMatch: (Int) throws -> Void
) async throws -> UserPreferenceRow {
    try FieldError.checked("settings", fields.keptSettings, SettingsRules.check)
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
    _ fields: UsersAPI.PreferencesFields, events: EventLog, in context: OperationContext
) async throws -> UserPreferenceRow {
    let row = try await context.transaction.replacePreferences(
        baseCurrency: fields.baseCurrency, locale: fields.locale, theme: fields.theme,
        costBasisMethod: fields.costBasisMethod, settings: fields.keptSettings.text, now: context.now,
        userID: try context.user)
    try await events.append(
        PreferencesChanged(revision: row.revision, locale: row.locale, changedAt: context.now), in: context)
    return row
}

/// What a client may keep in its settings: JSON that PostgreSQL keeps as it is, and not too much.
enum SettingsRules {
    /// Bytes of the compact text.
    static let maximumBytes = 16_384

    static func check(_ settings: JSONValue) throws(ParseError) {
        guard settings.text.utf8.count <= maximumBytes else {
            throw ParseError(reason: "is larger than 16 KiB")
        }
        try checkValue(settings)
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
