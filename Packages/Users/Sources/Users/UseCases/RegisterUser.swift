import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import ServiceKit
import SharedTypes
import StrictJSON
import UsersContract

/// An account to be made, checked and with its password hashed.
struct NewAccount: Sendable {
    let userID: User.ID
    let email: AccountEmail
    let passwordHash: String
    let profile: UsersAPI.ProfileFields
    let preferences: UsersAPI.PreferencesFields
}

/// Checks what a person gives, and hashes the password. Throws a fault of a field and `tooManyAttempts`.
/// - Parameter address: of the client; who registers in this process has none.
func prepareRegistration(
    _ registration: UsersAPI.Registration, from address: ClientAddress, by passwords: PasswordGuard,
    at now: Date
) async throws -> NewAccount {
    let email = try FieldError.checked("email", registration.email, AccountEmail.init(parsing:))
    let password = try FieldError.checked("password", registration.password) { text throws(ParseError) in
        try PasswordPolicy.accept(text, email: email)
    }
    var profile = UsersAPI.ProfileFields.standard(email: email.text)
    profile.displayName = registration.displayName ?? profile.displayName
    profile.country = registration.country
    profile.dateOfBirth = registration.dateOfBirth
    profile.timeZone = registration.timeZone ?? profile.timeZone
    try profile.validate(at: now)
    var preferences = UsersAPI.PreferencesFields.standard
    preferences.baseCurrency = registration.baseCurrency ?? preferences.baseCurrency
    preferences.locale = registration.locale ?? preferences.locale
    try await passwords.attempts.record(AttemptSubject(.passwordAddress, address), at: now)
    return NewAccount(
        userID: .version7(at: now), email: email,
        passwordHash: try await passwords.hasher.hash(password, for: address), profile: profile,
        preferences: preferences)
}

/// Makes an account, and the message that verifies its email, unless the email is taken for verified: the demo's people have
/// no mailbox. Throws `emailTaken`.
func registerUser(
    _ account: NewAccount, isVerified: Bool = false, events: EventLog, outbox: Outbox,
    in context: OperationContext
) async throws {
    let (transaction, now) = (context.transaction, context.now)
    do {
        try await transaction.insertUser(
            userID: account.userID, email: account.email.text, passwordHash: account.passwordHash, now: now)
    } catch let error as DatabaseError where error.uniqueViolation == "users_email_key" {
        throw UsersError.emailTaken
    }
    let (profile, preferences) = (account.profile, account.preferences)
    try await transaction.insertProfile(
        userID: account.userID, displayName: profile.displayName, country: profile.country,
        dateOfBirth: profile.dateOfBirth, timeZone: profile.timeZone, now: now)
    try await transaction.insertPreferences(
        userID: account.userID, baseCurrency: preferences.baseCurrency, locale: preferences.locale,
        theme: preferences.theme, costBasisMethod: preferences.costBasisMethod,
        settings: preferences.keptSettings.text, now: now)
    try await events.append(
        UserRegistered(
            userID: account.userID, displayName: profile.displayName, locale: preferences.locale,
            timeZone: profile.timeZone, registeredAt: now), in: context)
    if isVerified {
        _ = try await verifyEmail(account.email.text, events: events, in: context)
    } else {
        try await issueEmailToken(.verification, to: account.email.text, by: outbox, in: context)
    }
}
