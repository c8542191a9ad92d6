import DatabaseClient
import ExactTypes
import Foundation
import SharedTypes

/// What sending needs to know of a user, kept by the events of Users. A user who is older than the log is unknown until
/// an event tells of them; what that does not tell is taken as here.
enum Recipient {
    static let unknownTimeZone = IANATimeZone.utc.description
    static let unknownName = "Grove"

    static func keep(_ event: UserRegistered, in transaction: DatabaseTransaction, at now: Date) async throws
    {
        try await transaction.registerRecipient(
            userID: event.userID, displayName: event.displayName, locale: event.locale,
            timeZone: event.timeZone,
            sourceUpdatedAt: event.registeredAt, now: now)
    }

    static func keep(
        _ event: EmailVerified, of userID: User.ID, in transaction: DatabaseTransaction, at now: Date
    ) async throws {
        try await transaction.setRecipientEmail(
            userID: userID, email: event.email, displayName: unknownName, locale: MessageCatalog.standard,
            timeZone: unknownTimeZone, sourceUpdatedAt: event.verifiedAt, now: now)
    }

    static func keep(
        _ event: ProfileChanged, of userID: User.ID, in transaction: DatabaseTransaction, at now: Date
    ) async throws {
        try await transaction.setRecipientProfile(
            userID: userID, displayName: event.displayName, locale: MessageCatalog.standard,
            timeZone: event.timeZone, sourceUpdatedAt: event.changedAt, now: now)
    }

    static func keep(
        _ event: PreferencesChanged, of userID: User.ID, in transaction: DatabaseTransaction, at now: Date
    ) async throws {
        try await transaction.setRecipientLocale(
            userID: userID, displayName: unknownName, locale: event.locale, timeZone: unknownTimeZone,
            sourceUpdatedAt: event.changedAt, now: now)
    }
}

extension DeliveryRecipient {
    /// Nil where the account was erased. Of a user who is older than the log nothing is known but that: the inbox and
    /// the webhooks need no more, and mail waits for an address. Throws where this machine does not know the user's time
    /// zone: taken for another, messages would come at night.
    init?(_ status: UserStatus?, _ row: RecipientRow?, hasWebhookEndpoint: Bool) throws(ParseError) {
        guard let status else { return nil }
        self.init(
            status: status,
            timeZone: try row.map { row throws(ParseError) in try IANATimeZone(parsing: row.timeZone) }
                ?? .utc,
            hasVerifiedEmail: row?.email != nil, hasWebhookEndpoint: hasWebhookEndpoint)
    }
}
