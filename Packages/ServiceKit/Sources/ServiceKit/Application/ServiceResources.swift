public import DatabaseClient
public import EventLog
public import Logging

/// What a module is made over.
public struct ServiceResources: Sendable {
    /// The pool of the role `<context>_service`: every request, and every effect of an event.
    public let database: Database
    /// A small pool of the role `<context>_worker`, which finds work across users and writes none.
    public let worker: Database
    /// The log through which contexts meet, over both.
    public let events: EventLog
    /// How many long calculations the module may run at once.
    public let heavyWorkThreads: Int
    public let logger: Logger

    /// Pools that connect when they are first asked.
    public init(
        database: DatabaseConfiguration, worker: DatabaseConfiguration,
        heavyWorkThreads: Int = HeavyWork.defaultThreads, logger: Logger
    ) {
        self.database = Database(database, logger: logger)
        self.worker = Database(worker, logger: logger)
        events = EventLog(service: self.database, worker: self.worker, logger: logger)
        self.heavyWorkThreads = heavyWorkThreads
        self.logger = logger
    }
}
