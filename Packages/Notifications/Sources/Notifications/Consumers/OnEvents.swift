import EventLog
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
        let now = now
        return
            consumer
            .on(UserRegistered.self) { event, _, transaction in
                try await Recipient.keep(event, in: transaction, at: now())
            }
            .on(EmailVerified.self) { event, consumed, transaction in
                guard let user = consumed.owner else { return }
                try await Recipient.keep(event, of: user, in: transaction, at: now())
            }
            .on(ProfileChanged.self) { event, consumed, transaction in
                guard let user = consumed.owner else { return }
                try await Recipient.keep(event, of: user, in: transaction, at: now())
            }
            .on(PreferencesChanged.self) { event, consumed, transaction in
                guard let user = consumed.owner else { return }
                try await Recipient.keep(event, of: user, in: transaction, at: now())
            }
            .on(UserClosed.self) { event, _, transaction in
                _ = try await transaction.deleteRecipient(userID: event.userID)
                _ = try await transaction.deleteWebhookEndpoints(userID: event.userID)
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
    /// Tells the event's user of it, in a message made of the event's values.
    fileprivate func telling<Event: DomainEvent>(
        _ type: Event.Type, at now: @escaping @Sendable () -> Date,
        _ message: @escaping @Sendable (Event) -> Message
    ) -> EventConsumer {
        on(type) { event, consumed, transaction in
            guard let user = consumed.owner else { return }
            try await notifyUser(
                message(event), of: user, dedupeKey: consumed.dedupeKey, in: transaction, at: now())
        }
    }
}

extension ConsumedEvent {
    /// What makes the event one of its user.
    fileprivate var dedupeKey: String { "\(type):\(key)" }
}
