public import DatabaseClient
public import EventLog
public import Foundation
public import Logging
public import ServiceKit
public import ServiceLifecycle

/// The notifications context: what a user is told, by which channels, and when.
public struct NotificationsModule: ContextModule {
    public static let context = "notifications"
    public let openAPI = OpenAPI.json

    let database: Database
    let worker: Database
    let events: EventLog
    let configuration: NotificationsConfiguration
    let now: @Sendable () -> Date
    let logger: Logger
    let watch: InboxWatch
    /// Ends a silence of an event stream, so that the client and what stands between know that it lives.
    var heartbeat = Duration.seconds(15)

    /// - Parameters:
    ///   - database: under the role `notifications_service`.
    ///   - worker: under the role `notifications_worker`, which finds work across users.
    ///   - events: what the other contexts tell.
    ///   - configuration: what the deployment decides.
    ///   - now: the clock that every row's times come from.
    public init(
        database: Database, worker: Database, events: EventLog, configuration: NotificationsConfiguration,
        logger: Logger, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.database = database
        self.worker = worker
        self.events = events
        self.configuration = configuration
        self.logger = logger
        self.now = now
        watch = InboxWatch(database: database, worker: worker, logger: logger)
    }

    /// Makes the module out of what a process of its own has.
    public static func configured(by settings: inout Settings) -> @Sendable (ServiceResources) -> Self {
        let configuration = NotificationsConfiguration(from: &settings)
        return {
            NotificationsModule(
                database: $0.database, worker: $0.worker, events: $0.events, configuration: configuration,
                logger: $0.logger)
        }
    }

    /// Makes messages of events, wakes event streams, and sends what is due.
    public var backgroundServices: [any Service] {
        [
            EventConsumerService(OnEvents(now: now).consumer, log: events), watch.service,
            DeliveryService(sender),
        ]
    }

    private var sender: DeliverySender {
        DeliverySender(
            database: database, worker: worker, mail: configuration.mail, webhooks: configuration.webhooks,
            secrets: configuration.webhookSecrets, settings: configuration.deliveries, logger: logger,
            now: now)
    }

    /// What a violated constraint means, where a person can mean something by it.
    public func refusal(of error: DatabaseError) -> (any Error)? { NotificationsError(error) }

    /// Adds every operation of openapi.yaml.
    public func addRoutes(to router: ServiceRouter) {
        let routes = EndpointRoutes(router, on: database, now: now)
        NotificationRoutes(database: database).add(to: routes)
        StreamRoutes(database: database, watch: watch, heartbeat: heartbeat, now: now).add(to: routes)
        PreferenceRoutes(database: database).add(to: routes)
        let webhooks = WebhookRules(
            secrets: configuration.webhookSecrets,
            allowsPrivateAddresses: configuration.webhooks.allowsPrivateAddresses)
        WebhookEndpointRoutes(database: database, webhooks: webhooks).add(to: routes)
    }
}
