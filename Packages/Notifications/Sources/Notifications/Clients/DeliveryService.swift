import Foundation
import PeriodicWork
import ServiceLifecycle

/// Runs a sender: mail and webhooks in lanes of their own, and the digests, once the sealing key is shown to be right.
struct DeliveryService: PeriodicWork {
    let loops: [PeriodicService]
    private let proof: PeriodicService
    private let looks: [PeriodicService]
    private let lanes: [DeliveryLane]

    init(_ sender: DeliverySender) {
        let (settings, logger) = (sender.settings, sender.logger)
        // With another key no webhook could be signed, and it is better to stop at once and say why.
        proof = PeriodicService(
            "notifications.sealing_key", every: settings.pollInterval, longestPause: .seconds(5),
            logger: logger,
            isFatal: { $0 is WebhookSecrets.WrongSealingKey }
        ) {
            try await proveSealingKey(
                of: sender.secrets, on: sender.database, worker: sender.worker, at: sender.now())
            return .last
        }
        lanes = [
            DeliveryLane(.mail, limits: DeliverySettings.mailTurns, sender: sender),
            DeliveryLane(.webhooks, limits: DeliverySettings.webhookTurns, sender: sender),
        ]
        let digests = PeriodicService(
            "notifications.digests", every: settings.digestPollInterval, logger: logger
        ) {
            try await sender.sendDueDigests()
            return .done
        }
        looks = lanes.map(\.looking) + [digests]
        loops = [proof] + looks
    }

    /// Runs until the service shuts down. What is on its way then is still sent and marked.
    /// - Throws: ``WebhookSecrets/WrongSealingKey``, before anything is sent.
    func run() async throws {
        try await proof.run()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in lanes { group.addTask { await lane.takeTurns() } }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for look in looks { group.addTask { try await look.run() } }
                try await group.waitForAll()
            }
            for lane in lanes { lane.stop() }
            try await group.waitForAll()
        }
    }
}
