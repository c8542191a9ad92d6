import DatabaseClient
import ExactTypes
import Foundation
import ServiceKit
import SharedTypes

/// What a user wants of a category on a channel, or the platform's default where they have said nothing.
struct EffectivePreference: Sendable, Hashable {
    let category: NotificationCategory
    let channel: NotificationChannel
    let preference: DeliveryPreference
    /// 0 for the default.
    let revision: Int

    init(_ category: NotificationCategory, _ channel: NotificationChannel, _ row: NotificationPreferenceRow?)
    {
        self.category = category
        self.channel = channel
        preference = row.map { DeliveryPreference($0) } ?? .standard(category, channel)
        revision = row?.revision ?? 0
    }
}

/// Every category on every channel.
func listPreferences(of userID: User.ID, on database: any QueryExecutor) async throws -> [EffectivePreference]
{
    let rows = try await database.listPreferences(userID: userID)
    return NotificationCategory.allCases.flatMap { category in
        NotificationChannel.allCases.map { channel in
            EffectivePreference(
                category, channel, rows.first { $0.category == category && $0.channel == channel })
        }
    }
}

/// One category on one channel.
func findPreference(
    _ category: NotificationCategory, _ channel: NotificationChannel, of userID: User.ID,
    on database: any QueryExecutor
) async throws -> EffectivePreference {
    let row = try await database.findPreference(userID: userID, category: category, channel: channel)
    return EffectivePreference(category, channel, row)
}

/// Stores another preference. `check` sees the revision that stands, 0 for the default.
/// - Throws: `refused`.
func replacePreference(
    _ category: NotificationCategory, _ channel: NotificationChannel, with preference: DeliveryPreference,
    of principal: Principal, in transaction: DatabaseTransaction, at now: Date, check: (Int) throws -> Void
) async throws -> EffectivePreference {
    try preference.check(category, channel)
    let userID = principal.userID
    try await requireAccess(of: principal, in: transaction)
    let old = try await findPreference(category, channel, of: userID, on: transaction)
    try check(old.revision)
    let row =
        if old.revision == 0 {
            try await transaction.insertPreference(
                userID: userID, category: category, channel: channel, enabled: preference.isEnabled,
                quietFrom: preference.quiet?.from, quietUntil: preference.quiet?.until,
                digest: preference.digest, now: now)
        } else {
            try await transaction.updatePreference(
                enabled: preference.isEnabled, quietFrom: preference.quiet?.from,
                quietUntil: preference.quiet?.until,
                digest: preference.digest, now: now, userID: userID, category: category, channel: channel)
        }
    return EffectivePreference(category, channel, row)
}

/// Back to the platform's default.
func deletePreference(
    _ category: NotificationCategory, _ channel: NotificationChannel, of userID: User.ID,
    in transaction: DatabaseTransaction, check: (Int) throws -> Void
) async throws {
    try await transaction.lockInbox(userID: userID)
    let old = try await findPreference(category, channel, of: userID, on: transaction)
    try check(old.revision)
    try await transaction.deletePreference(userID: userID, category: category, channel: channel)
}
