import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import ServiceKit
import SharedTypes
import UsersContract

extension UsersAPI.ProfileFields {
    /// Those of a new account that says nothing of itself.
    static func standard(email: String) -> Self {
        Self(displayName: String(email.prefix { $0 != "@" }), timeZone: "Etc/UTC")
    }

    /// Throws a fault of a field.
    func validate(at now: Date) throws(FieldError) {
        try FieldError.checked("time_zone", timeZone, ProfileRules.checkTimeZone)
        if let country {
            try FieldError.checked("country", country, ProfileRules.checkCountry)
        }
        if let dateOfBirth {
            try FieldError.checked("date_of_birth", dateOfBirth) { born throws(ParseError) in
                try ProfileRules.checkAdult(born: born, on: CalendarDay(utc: now))
            }
        }
        if let avatarURL {
            try FieldError.checked("avatar_url", avatarURL, ProfileRules.checkAvatarURL)
        }
    }
}

/// Replaces a person's profile. `requireMatch` sees the revision that stands, under a lock, before anything is
/// written. Throws a fault of a field, and what ``findAccount(of:on:)`` throws.
func replaceProfile(
    of principal: Principal, with fields: UsersAPI.ProfileFields, events: EventLog,
    in context: OperationContext,
    check requireMatch: (Int) throws -> Void
) async throws -> UserProfileRow {
    try fields.validate(at: context.now)
    try await lockOpenAccount(in: context)
    _ = try await findAccount(of: principal, on: context.transaction)
    guard let standing = try await context.transaction.lockProfile(userID: try context.user) else {
        throw UsersError.sessionEnded
    }
    try requireMatch(standing)
    return try await storeProfile(fields, events: events, in: context)
}

/// Stores a profile that was checked, and says so.
func storeProfile(
    _ fields: UsersAPI.ProfileFields, events: EventLog, in context: OperationContext
) async throws -> UserProfileRow {
    let row = try await context.transaction.replaceProfile(
        displayName: fields.displayName, country: fields.country, dateOfBirth: fields.dateOfBirth,
        timeZone: fields.timeZone, riskTolerance: fields.riskTolerance, experience: fields.experience,
        avatarURL: fields.avatarURL, now: context.now, userID: try context.user)
    try await events.append(
        ProfileChanged(
            revision: row.revision, displayName: row.displayName, timeZone: row.timeZone,
            changedAt: context.now), in: context)
    return row
}
