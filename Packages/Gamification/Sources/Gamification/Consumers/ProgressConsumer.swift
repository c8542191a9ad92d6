import DatabaseClient
import EventLog
import ExactTypes
import Foundation
import SharedTypes

/// `gamification.progress`: what people do moves their quests and their experience.
struct ProgressConsumer: Sendable {
    static let name = "gamification.progress"
    static let partitions = 4

    let events: EventLog
    let catalogue: CatalogueCache

    var consumer: EventConsumer {
        EventConsumer(Self.name, partitions: Self.partitions)
            .on(TransactionPosted.self) { posted, event, transaction in
                let posting = QuestFact.Posting(
                    type: posted.kind, portfolio: posted.portfolioID, instrument: posted.instrumentID,
                    isInstrumentShared: posted.isInstrumentShared ?? false, amount: posted.grossAmount,
                    currency: posted.currency)
                try await count(
                    QuestFact(
                        event: .transactionPosted, key: posted.key, at: event.recordedAt, posting: posting),
                    event, transaction)
            }
            .on(TransactionReversed.self) { reversed, event, transaction in
                guard event.owner != nil else { return }
                try await takeBack(
                    reversed, under: try await catalogue.current(in: transaction), events: events,
                    in: event.operation(in: transaction, at: event.recordedAt))
            }
            .on(EmailVerified.self) { _, event, transaction in
                try await count(.user(.emailVerified, event), event, transaction)
            }
            .on(ProfileChanged.self) { _, event, transaction in
                try await count(.user(.profileChanged, event), event, transaction)
            }
    }

    private func count(
        _ fact: QuestFact, _ event: ConsumedEvent, _ transaction: DatabaseTransaction
    ) async throws {
        guard event.owner != nil else { return }
        // A fact counts at the moment at which it was recorded, however late it is read.
        try await countFact(
            fact, under: try await catalogue.current(in: transaction), events: events,
            in: event.operation(in: transaction, at: fact.at))
    }
}

extension QuestFact {
    /// An event about the user alone. Its own key may be an address, which has no place in another context's
    /// rows.
    fileprivate static func user(_ kind: QuestCriteria.Event, _ event: ConsumedEvent) -> QuestFact {
        QuestFact(event: kind, key: event.id.description, at: event.recordedAt, posting: nil)
    }
}
