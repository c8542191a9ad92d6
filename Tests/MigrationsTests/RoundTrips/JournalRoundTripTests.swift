import DatabaseClient
import ExactTypes
import Foundation
import GroveFactories
import SharedTypes
import Testing

@testable import Journal

@Suite struct JournalRoundTripTests {
    @Test func aSoldPutIsNotedListedAndTakenBack() async throws {
        try await withRoundTrip("journal_service") { trip in
            let account = try await trip.mine.insertAccount(
                userID: trip.user, accountID: trip.id(), name: "Options", broker: "IBKR", currency: .usd,
                premiumPolicy: .income, monthPolicy: .cash, openedOn: try CalendarDay(parsing: "2020-01-01"),
                now: trip.now)
            let line = try await trip.mine.insertJournalEntry(
                userID: trip.user, journalEntryID: trip.id(), accountID: account.id, at: trip.now,
                type: .sellToOpen, symbol: "ACME", underlying: "ACME",
                expiration: try CalendarDay(parsing: "2026-02-20"), strike: FixedDecimal(10), right: .put,
                quantity: FixedDecimal(1), price: try FixedDecimal(parsing: "0.5"), amount: FixedDecimal(50),
                fees: try FixedDecimal(parsing: "0.65"), multiplier: FixedDecimal(100), chain: nil,
                corrects: nil, importID: nil, externalID: nil, note: nil, tags: ["wheel"], now: trip.now)
            #expect(line.tags == ["wheel"])
            let noted = try await trip.mine.annotateJournalEntry(
                note: "Far out.", tags: ["wheel", "weekly"], chain: line.id.uuid, now: trip.now,
                userID: trip.user, journalEntryID: line.id, revision: line.revision)
            #expect(noted?.note == "Far out.")
            let found = try await trip.mine.findJournalEntry(
                userID: trip.user, journalEntryID: line.id)
            #expect(found == noted)
            let listed = try await list(trip.mine, trip)
            let strangers = try await list(trip.strangers, trip)
            #expect(listed.map(\.id) == [line.id])
            #expect(strangers.isEmpty)
            // With the revision that was read first, nothing changes.
            let late = try await trip.mine.markJournalEntryDeleted(
                deletedAt: trip.now, now: trip.now, userID: trip.user, journalEntryID: line.id,
                revision: line.revision)
            let taken = try await trip.mine.markJournalEntryDeleted(
                deletedAt: trip.now, now: trip.now, userID: trip.user, journalEntryID: line.id,
                revision: line.revision + 1)
            #expect(late == nil && taken?.deletedAt == trip.now)
            let left = try await list(trip.mine, trip)
            #expect(left.isEmpty)
            let deleted = try await trip.mine.deleteAccount(userID: trip.user, accountID: account.id)
            #expect(deleted == 1)
        }
    }

    private func list(_ scope: UserScope, _ trip: RoundTrip) async throws -> [JournalEntryRow] {
        try await scope.listJournalEntries(
            userID: trip.user, beforeAt: trip.now.addingTimeInterval(60), beforeID: trip.id(), rowLimit: 10)
    }
}
