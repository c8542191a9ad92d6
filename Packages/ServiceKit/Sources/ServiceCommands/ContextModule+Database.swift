public import DatabaseClient
import Logging
public import ServiceKit

extension ContextModule {
    /// Runs a command's work on the pool of the context's service role, and closes it: needs DATABASE_URL alone.
    public static func withDatabase<Value>(
        _ work: (Database) async throws -> Value
    ) async throws -> Value {
        var settings = try await Settings.load()
        let name = "\(context)-service"
        let configuration = DatabaseConfiguration(from: &settings, context: context, name: name)
        try settings.finish()
        // What a person at a terminal should know is said by the command itself.
        var logger = Logger(label: name)
        logger.logLevel = .error
        let database = Database(configuration, logger: logger)
        let outcome: Result<Value, any Error>
        do {
            outcome = .success(try await work(database))
        } catch {
            outcome = .failure(error)
        }
        await database.close()
        return try outcome.get()
    }
}
