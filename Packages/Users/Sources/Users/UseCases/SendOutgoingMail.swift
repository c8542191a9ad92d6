import DatabaseClient
import ExactTypes
import Foundation
import Logging
import Mail
import PeriodicWork
import SharedTypes

/// Sends what waits in the outbox. Any number of processes may do so: each message is leased by one of them at a time.
///
/// A message goes at least once, under an id that stays the same: a process that dies after it sent one and before it said
/// so leaves it to be sent again. What was sent is deleted, and its token stands nowhere but in the mailbox.
struct OutgoingMailSender: Sendable {
    private static let rowsAtOnce = 64
    /// How many a process sends at the same time.
    private static let sentAtOnce = 4
    /// Longer than a server may take.
    private static let leaseSeconds: TimeInterval = 120
    /// The pauses between attempts; the last one is repeated until the token has expired.
    private static let retrySeconds: [TimeInterval] = [10, 60, 300, 900]

    let database: Database
    /// Under the role `users_worker`, which finds what is due across users.
    let worker: Database
    let transport: MailTransport
    let seal: MailSeal
    let now: @Sendable () -> Date
    let logger: Logger

    /// Sends some of what is due.
    @discardableResult
    func sendOutgoingMail() async throws -> PeriodicService.Round {
        let due = try await worker.listDueMails(now: now(), rowLimit: Self.rowsAtOnce)
        let failure = await withTaskGroup(of: (any Error)?.self) { group in
            var failure: (any Error)?
            for (index, mail) in due.enumerated() where !Task.isCancelled {
                if index >= Self.sentAtOnce, let ended = await group.next() { failure = ended ?? failure }
                group.addTask {
                    // What was handed over is marked, though the service stops or another message fails meanwhile.
                    await Task { await self.failure { try await send(mail.id, of: mail.userID) } }.value
                }
            }
            for await ended in group { failure = ended ?? failure }
            return failure
        }
        if let failure { throw failure }
        return due.count == Self.rowsAtOnce ? .more : .done
    }

    private func failure(_ body: () async throws -> Void) async -> (any Error)? {
        do {
            try await body()
            return nil
        } catch {
            return error
        }
    }

    /// Leases a message, sends it while no transaction is open, and marks what became of it.
    private func send(_ id: OutgoingMail.ID, of userID: User.ID) async throws {
        let claimed = now()
        let own = database.acting(as: userID.uuid)
        let mail = try await own.claimMail(
            leasedUntil: claimed.addingTimeInterval(Self.leaseSeconds), now: claimed, userID: userID,
            outgoingMailID: id)
        guard let mail else { return }
        guard claimed < mail.expiresAt else {
            return try await end(id, of: userID, because: "it was not sent before its token expired")
        }
        let failure: SendingFailure
        do throws(SendingFailure) {
            try await transport.send(try message(id, mail, at: claimed))
            try? await deleteSent(id, of: userID)
            return
        } catch {
            failure = error
        }
        guard !failure.isPermanent else {
            return try await end(id, of: userID, because: failure.reason)
        }
        let pause = Self.retrySeconds.dropFirst(mail.attempts - 1).first ?? Self.retrySeconds.last ?? 900
        try await own.retryMail(
            nextAttemptAt: now().addingTimeInterval(pause), error: failure.reason, now: now(),
            userID: userID, outgoingMailID: id, attempts: mail.attempts)
    }

    private func message(
        _ id: OutgoingMail.ID, _ mail: ClaimMailRow, at now: Date
    ) throws(SendingFailure) -> MailMessage {
        guard let recipient = try? MailAddress(parsing: mail.recipient) else {
            throw .permanent("mail cannot be written to the address")
        }
        do throws(MailSeal.Broken) {
            return MailMessage(
                id: id.description, recipient: recipient, subject: mail.subject,
                text: try seal.open(mail.sealedBody, of: id), date: now)
        } catch {
            // By another key than this process has. It expires with its token.
            throw .temporary("\(error)")
        }
    }

    /// Where this fails, the lease ends and the message goes a second time, under the same id.
    private func deleteSent(_ id: OutgoingMail.ID, of userID: User.ID) async throws {
        _ = try await database.acting(as: userID.uuid).deleteMail(userID: userID, outgoingMailID: id)
    }

    /// The message will not be sent. The person can ask for another.
    private func end(_ id: OutgoingMail.ID, of userID: User.ID, because reason: String) async throws {
        logger.warning(
            "A message was not sent.",
            metadata: ["mail": "\(id)", "user_id": "\(userID)", "reason": "\(reason)"])
        _ = try await database.acting(as: userID.uuid).deleteMail(userID: userID, outgoingMailID: id)
    }
}
