import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// What Notifications does when other contexts tell that something happened.
///
/// One consumer for both, so that what an event of Users says of a user is known to the messages that come after it.
struct OnEvents: Sendable {
    static let consumer = "notifications.messages"
    static let partitions = 4

    let now: @Sendable () -> Date

    var consumer: EventConsumer {
        messages(recipients(EventConsumer(Self.consumer, partitions: Self.partitions)))
    }

    private func recipients(_ consumer: EventConsumer) -> EventConsumer {
        consumer
            .keeping(UserRegistered.self, at: now) { try await Recipient.keep($0, in: $2, at: $3) }
            .keeping(EmailVerified.self, at: now) { try await Recipient.keep($0, of: $1, in: $2, at: $3) }
            .keeping(ProfileChanged.self, at: now) { try await Recipient.keep($0, of: $1, in: $2, at: $3) }
            .keeping(PreferencesChanged.self, at: now) {
                try await Recipient.keep($0, of: $1, in: $2, at: $3)
            }
            .on(UserClosed.self) { [now] event, _, transaction in
                try await removeAccount(of: event.userID, in: transaction, at: now())
            }
    }

    private func messages(_ consumer: EventConsumer) -> EventConsumer {
        consumer
            .telling(LevelReached.self, at: now) { .levelReached(level: $0.level, experience: $0.experience) }
            .telling(QuestCompleted.self, at: now) {
                .questCompleted(
                    quest: $0.questID, title: $0.title, period: $0.period, experience: $0.experienceReward)
            }
            .telling(AchievementUnlocked.self, at: now) {
                .achievementUnlocked(achievement: $0.achievementID, title: $0.title, tier: $0.tier)
            }
            .telling(TierClaimed.self, at: now) {
                .tierClaimed(season: $0.season, tier: $0.tier, track: $0.track)
            }
            .telling(PasswordChanged.self, at: now) { .passwordChanged(at: $0.changedAt) }
    }
}

extension EventConsumer {
    /// Keeps what the event says of its user, unless the account was closed or erased meanwhile: an event that was parked
    /// comes late.
    fileprivate func keeping<Event: DomainEvent>(
        _ type: Event.Type, at now: @escaping @Sendable () -> Date,
        _ keep: @escaping @Sendable (Event, User.ID, DatabaseTransaction, Date) async throws -> Void
    ) -> EventConsumer {
        on(type) { event, consumed, transaction in
            guard let user = consumed.owner else { return }
            try await transaction.lockInbox(userID: user)
            guard let status = try await transaction.findAccountStatus(userID: user), status != .closed else {
                return
            }
            try await keep(event, user, transaction, now())
        }
    }

    /// Tells the event's user of it, in a message made of the event's values.
    fileprivate func telling<Event: DomainEvent>(
        _ type: Event.Type, at now: @escaping @Sendable () -> Date,
        _ message: @escaping @Sendable (Event) -> Message
    ) -> EventConsumer {
        on(type) { event, consumed, transaction in
            guard consumed.owner != nil else { return }
            try await notifyUser(
                message(event), dedupeKey: consumed.dedupeKey,
                in: consumed.operation(in: transaction, at: now()))
        }
    }
}

extension ConsumedEvent {
    /// What makes the event one of its user.
    fileprivate var dedupeKey: String { "\(type):\(key)" }
}
