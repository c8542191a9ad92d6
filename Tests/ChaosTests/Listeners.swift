import Foundation
import GroveTesting
import Testing

/// Two processes of each service that lives from events.
struct Listeners {
    static let services: [ServiceStack.Service] = [
        .gamification, .gamification, .notifications, .notifications,
    ]
    let stack: ServiceStack
    let receivers: Receivers

    private func launch(_ service: ServiceStack.Service) throws -> ServiceProcess {
        try stack.launch(service, receivers.settings)
    }

    /// Each second another one of each service, until the task is cancelled.
    /// - Returns: how many were killed.
    func killEachSecond() async throws -> Int {
        var processes = try Self.services.map { try launch($0) }
        var kills = 0
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            for place in [kills / 2 % 2, 2 + kills / 2 % 2] {
                processes[place].signal(SIGKILL)
                _ = await processes[place].exitCode()
                processes[place] = try launch(Self.services[place])
                kills += 1
            }
        }
        for process in processes {
            process.signal(SIGKILL)
            _ = await process.exitCode()
        }
        return kills
    }

    /// Undisturbed, for the length of the body.
    func run(_ body: () async throws -> Void) async throws {
        let processes = try Self.services.map { try launch($0) }
        try await body()
        for process in processes {
            process.signal(SIGTERM)
            #expect(await process.exitCode() == 0, "\(process.output)")
        }
    }
}

/// Who gets mail and webhooks: servers that nobody kills.
struct Receivers {
    let mail: MailServer
    let webhooks: WebhookServer

    init(stack: ServiceStack) async throws {
        mail = try await MailServer.start(port: stack.mailPort)
        webhooks = try await WebhookServer.start()
    }

    /// What Notifications needs to know of them; a sender that was killed is soon taken for dead.
    var settings: [String: String] {
        [
            "WEBHOOK_PRIVATE_ADDRESSES": "true", "WEBHOOK_CERTIFICATES": webhooks.certificate.certificate,
            "DELIVERY_LEASE_SECONDS": "90",
        ]
    }

    /// The stable ids by which they count each message once.
    var mailIDs: Set<String> { Set(mail.received.compactMap { $0.header("Message-ID") }) }
    var webhookIDs: Set<String> { Set(webhooks.received.compactMap { $0.headers["webhook-id"] }) }

    func stop() async {
        await mail.stop()
        await webhooks.stop()
    }
}
