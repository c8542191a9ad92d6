import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// A profile as a person writes it.
struct ProfileFields: Sendable {
    var displayName: String
    var country: String?
    var dateOfBirth: CalendarDay?
    var timeZone: String
    var riskTolerance: RiskTolerance?
    var experience: InvestingExperience?
    var avatarURL: String?
}

extension UsersModule {
    /// Replaces the profile whose revision was read. Throws `invalid`, `changedMeanwhile` when there is a newer,
    /// and `sessionEnded` when the account was closed meanwhile.
    func replaceProfile(
        of userID: User.ID, revision: Int, with fields: ProfileFields
    ) async throws -> UserProfileRow {
        let now = Date()
        try check("time_zone") { () throws(ParseError) in try ProfileRules.checkTimeZone(fields.timeZone) }
        if let country = fields.country {
            try check("country") { () throws(ParseError) in try ProfileRules.checkCountry(country) }
        }
        if let born = fields.dateOfBirth {
            try check("date_of_birth") { () throws(ParseError) in
                try ProfileRules.checkAdult(born: born, on: CalendarDay(utc: now))
            }
        }
        if let url = fields.avatarURL {
            try check("avatar_url") { () throws(ParseError) in try ProfileRules.checkAvatarURL(url) }
        }
        return try await database.transaction(as: userID.uuid) { transaction in
            try await holdOpen(userID, on: transaction)
            return try await replaceProfile(
                of: userID, revision: revision, with: fields, on: transaction, at: now)
        }
    }

    /// The same in a transaction that holds the account, with fields that were checked.
    func replaceProfile(
        of userID: User.ID, revision: Int, with fields: ProfileFields, on transaction: DatabaseTransaction,
        at now: Date
    ) async throws -> UserProfileRow {
        let row = try await transaction.replaceProfile(
            displayName: fields.displayName, country: fields.country, dateOfBirth: fields.dateOfBirth,
            timeZone: fields.timeZone, riskTolerance: fields.riskTolerance, experience: fields.experience,
            avatarURL: fields.avatarURL, now: now, userID: userID, revision: revision)
        guard let row else { throw UsersError.changedMeanwhile }
        try await events.append(
            ProfileChanged(
                revision: row.revision, displayName: row.displayName, timeZone: row.timeZone, changedAt: now),
            in: OperationContext(user: userID, transaction: transaction, now: now))
        return row
    }
}
