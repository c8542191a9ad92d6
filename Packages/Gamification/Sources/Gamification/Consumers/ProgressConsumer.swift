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
                try await count(.transactionPosted, key: posted.key, posting, event, transaction)
            }
            .on(TransactionReversed.self) { reversed, event, transaction in
                guard event.owner != nil else { return }
                try await takeBack(
                    reversed, under: try await catalogue.current(in: transaction), events: events,
                    in: event.operation(in: transaction, at: event.recordedAt))
            }
            .on(EmailVerified.self) { _, event, transaction in
                try await count(.emailVerified, key: event.id.description, nil, event, transaction)
            }
            .on(ProfileChanged.self) { _, event, transaction in
                try await count(.profileChanged, key: event.id.description, nil, event, transaction)
            }
    }

    /// - Parameter key: an event about the user alone has its identifier here. Its own key may be an address, which has
    ///   no place in another context's rows.
    private func count(
        _ kind: QuestCriteria.Event, key: String, _ posting: QuestFact.Posting?, _ event: ConsumedEvent,
        _ transaction: DatabaseTransaction
    ) async throws {
        guard let owner = event.owner else { return }
        // A fact counts at the moment at which it was recorded, however late it is read.
        let fact = QuestFact(
            event: kind, key: key, at: event.recordedAt,
            zone: try await findTimeZone(of: owner, on: transaction), posting: posting)
        try await countFact(
            fact, under: try await catalogue.current(in: transaction), events: events,
            in: event.operation(in: transaction, at: fact.at))
    }
}
