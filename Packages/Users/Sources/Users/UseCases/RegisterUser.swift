import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import ServiceKit
import SharedTypes
import StrictJSON

/// What a person gives to sign up.
public struct Registration: Sendable {
    public var email: String
    public var password: String
    /// 1 to 80 characters; what stands before the @ of the email, when left out.
    public var displayName: String?
    /// ISO 3166-1 alpha-2.
    public var country: String?
    /// At least eighteen years ago.
    public var dateOfBirth: CalendarDay?
    /// An IANA name.
    public var timeZone = "Etc/UTC"
    public var baseCurrency = Currency.usd
    /// A BCP 47 tag.
    public var locale = "en"

    /// What nobody can choose for a person; the rest has defaults.
    public init(email: String, password: String, displayName: String? = nil) {
        self.email = email
        self.password = password
        self.displayName = displayName
    }

    var profile: ProfileFields {
        ProfileFields(
            displayName: displayName ?? String(email.prefix { $0 != "@" }), country: country,
            dateOfBirth: dateOfBirth, timeZone: timeZone)
    }

    var preferences: PreferencesFields {
        PreferencesFields(
            baseCurrency: baseCurrency, locale: locale, theme: .system, costBasisMethod: .fifo, settings: [:])
    }
}

extension UsersModule {
    /// Makes an account and sends the message that verifies its email, unless the email is verified already:
    /// the demo user of the dev server has no mailbox.
    ///
    /// - Parameter address: of the client; who registers in this process has none.
    /// - Throws: `UsersError.invalid`, `emailTaken` and `tooManyAttempts`.
    public func registerUser(
        _ registration: Registration, from address: ClientAddress = .unknown, isVerified: Bool = false
    ) async throws -> User.ID {
        let now = Date()
        let email = try check("email") { () throws(ParseError) in
            try EmailAddress(parsing: registration.email)
        }
        let password = try check("password") { () throws(ParseError) in
            try PasswordPolicy.accept(registration.password, email: email)
        }
        try checkProfile(registration, at: now)
        try await recordAttempt(AttemptSubject(.passwordAddress, address), at: now)
        let passwordHash = try await passwords.hash(password, for: address)
        let userID = User.ID.version7(at: now)
        let token: OpaqueToken
        do {
            token = try await database.transaction(as: userID.uuid) { transaction in
                try await transaction.insertUser(
                    userID: userID, email: email.text, passwordHash: passwordHash, now: now)
                try await insertDefaults(of: userID, registration, on: transaction, at: now)
                try await events.append(
                    UserRegistered(
                        userID: userID, displayName: registration.profile.displayName,
                        locale: registration.locale,
                        timeZone: registration.timeZone, registeredAt: now),
                    in: OperationContext(user: userID, transaction: transaction, now: now))
                if isVerified {
                    _ = try await verifyEmail(email.text, of: userID, on: transaction, at: now)
                }
                return try await issueEmailToken(
                    .verification, to: email.text, of: userID, on: transaction, at: now)
            }
        } catch let error as DatabaseError where error.uniqueViolation == "users_email_key" {
            throw UsersError.emailTaken
        }
        if !isVerified { await send(.verification(to: email.text, token: token), at: now) }
        return userID
    }

    private func checkProfile(_ registration: Registration, at now: Date) throws(UsersError) {
        try check("time_zone") { () throws(ParseError) in
            try ProfileRules.checkTimeZone(registration.timeZone)
        }
        try check("locale") { () throws(ParseError) in try ProfileRules.checkLocale(registration.locale) }
        if let country = registration.country {
            try check("country") { () throws(ParseError) in try ProfileRules.checkCountry(country) }
        }
        if let born = registration.dateOfBirth {
            try check("date_of_birth") { () throws(ParseError) in
                try ProfileRules.checkAdult(born: born, on: CalendarDay(utc: now))
            }
        }
    }

    private func insertDefaults(
        of userID: User.ID, _ registration: Registration, on transaction: DatabaseTransaction, at now: Date
    ) async throws {
        let (profile, preferences) = (registration.profile, registration.preferences)
        try await transaction.insertProfile(
            userID: userID, displayName: profile.displayName, country: profile.country,
            dateOfBirth: profile.dateOfBirth, timeZone: profile.timeZone, now: now)
        try await transaction.insertPreferences(
            userID: userID, baseCurrency: preferences.baseCurrency, locale: preferences.locale,
            theme: preferences.theme, costBasisMethod: preferences.costBasisMethod,
            settings: JSONValue.object(preferences.settings).text, now: now)
    }
}
