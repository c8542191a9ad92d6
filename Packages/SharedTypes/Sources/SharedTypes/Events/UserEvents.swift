public import ExactTypes
public import Foundation

/// Somebody signed up.
public struct UserRegistered: DomainEvent {
    public static let type = "user.registered"
    public static let version = 1
    public var key: String { userID.description }
    public var occurredAt: Date { registeredAt }

    public let userID: User.ID
    public let displayName: String
    /// A BCP 47 tag.
    public let locale: String
    /// An IANA name.
    public let timeZone: String
    public let registeredAt: Date

    public init(userID: User.ID, displayName: String, locale: String, timeZone: String, registeredAt: Date) {
        self.userID = userID
        self.displayName = displayName
        self.locale = locale
        self.timeZone = timeZone
        self.registeredAt = registeredAt
    }
}

/// A user has shown that an address is theirs: the first moment at which mail may be sent there.
public struct EmailVerified: DomainEvent {
    public static let type = "user.email_verified"
    public static let version = 1
    public var key: String { email }
    public var occurredAt: Date { verifiedAt }

    public let email: String
    public let verifiedAt: Date

    public init(email: String, verifiedAt: Date) {
        self.email = email
        self.verifiedAt = verifiedAt
    }
}

/// A user changed their name or time zone, or what else a profile says.
public struct ProfileChanged: DomainEvent {
    public static let type = "user.profile_changed"
    public static let version = 1
    public var key: String { "\(revision)" }
    public var occurredAt: Date { changedAt }

    /// The profile's, after the change.
    public let revision: Int
    public let displayName: String
    /// An IANA name.
    public let timeZone: String
    public let changedAt: Date

    public init(revision: Int, displayName: String, timeZone: String, changedAt: Date) {
        self.revision = revision
        self.displayName = displayName
        self.timeZone = timeZone
        self.changedAt = changedAt
    }
}

/// A user changed their language, or what else the preferences say.
public struct PreferencesChanged: DomainEvent {
    public static let type = "user.preferences_changed"
    public static let version = 1
    public var key: String { "\(revision)" }
    public var occurredAt: Date { changedAt }

    /// That of the preferences, after the change.
    public let revision: Int
    /// A BCP 47 tag.
    public let locale: String
    public let changedAt: Date

    public init(revision: Int, locale: String, changedAt: Date) {
        self.revision = revision
        self.locale = locale
        self.changedAt = changedAt
    }
}

/// A user's password was changed, by who knew the old one or by a reset.
public struct PasswordChanged: DomainEvent {
    public static let type = "user.password_changed"
    public static let version = 1
    /// Microseconds since 1970: two changes at one moment are one.
    public var key: String { "\(Int64((changedAt.timeIntervalSince1970 * 1_000_000).rounded()))" }
    public var occurredAt: Date { changedAt }

    public let changedAt: Date

    public init(changedAt: Date) { self.changedAt = changedAt }
}

/// A user closed the account: nobody logs in any more, and nothing is sent.
public struct UserClosed: DomainEvent {
    public static let type = "user.closed"
    public static let version = 1
    public var key: String { userID.description }
    public var occurredAt: Date { closedAt }

    public let userID: User.ID
    public let closedAt: Date

    public init(userID: User.ID, closedAt: Date) {
        self.userID = userID
        self.closedAt = closedAt
    }
}
