import Logging
import Tracing

/// Sees each statement and each transaction pass: metrics, spans, and a line of the log where one took long. It
/// tells names and codes, never a value.
struct StatementObserver: Sendable {
    let slowThreshold: Duration
    let logsStatements: Bool
    let logger: Logger
    let metrics: DatabaseMetrics?

    /// Begins to look at a statement; what it gives goes to ``ended(_:since:_:_:)``.
    func begin(_ name: String, sql: @autoclosure () -> String) -> (any Span)? {
        // Nobody who traces pays for nothing but this look.
        Self.isTracing ? Self.span(name, operation: Self.operation(of: sql())) : nil
    }

    /// Runs `body` where the caller runs, and looks at it as at a statement.
    nonisolated(nonsending) func measure<T>(
        _ name: String, sql: @autoclosure () -> String, _ body: nonisolated(nonsending) () async throws -> T
    ) async throws -> T {
        let start = ContinuousClock.now
        let span = begin(name, sql: sql())
        do {
            let value = try await body()
            ended(name, since: start, span, nil)
            return value
        } catch {
            ended(name, since: start, span, error)
            throw error
        }
    }

    /// A span around a transaction, which its statements' spans become children of.
    func tracingTransaction<T>(
        isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> T
    ) async throws -> T {
        guard Self.isTracing else { return try await body() }
        let span = Self.span("transaction", operation: "TRANSACTION")
        do {
            let value = try await ServiceContext.$current.withValue(span.context, operation: body)
            Self.end(span, nil)
            return value
        } catch {
            Self.end(span, error)
            throw error
        }
    }

    func ended(
        _ name: String, since start: ContinuousClock.Instant, _ span: (any Span)?, _ error: (any Error)?
    ) {
        let taken = ContinuousClock.now - start
        metrics?.ended(name, in: taken, error)
        if let span { Self.end(span, error) }
        guard logsStatements || taken >= slowThreshold else { return }
        var metadata: Logger.Metadata = [
            "statement": "\(name)", "milliseconds": "\(Int(taken / .milliseconds(1)))",
        ]
        if taken >= slowThreshold { return logger.warning("slow statement", metadata: metadata) }
        metadata["outcome"] = "\(DatabaseMetrics.Outcome(error).rawValue)"
        if let state = (error as? DatabaseError)?.sqlState { metadata["sqlstate"] = "\(state)" }
        logger.info("statement", metadata: metadata)
    }

    /// Sees statements that went out with one that was awaited; of those that failed together, the one that is named.
    func ended(_ held: some Sequence<Command>, since start: ContinuousClock.Instant, _ error: (any Error)?) {
        for case .execute(let statement, _) in held {
            if let error {
                guard case .server(let cause)? = error as? DatabaseError, cause.statement == statement.name
                else {
                    continue
                }
            }
            ended(statement.name, since: start, nil, error)
        }
    }

    // MARK: Spans, with OpenTelemetry's names for database clients

    private static var isTracing: Bool { !(InstrumentationSystem.instrument is NoOpInstrument) }

    private static func span(_ name: String, operation: String) -> any Span {
        let span = startSpan(name, ofKind: .client)
        span.attributes["db.system.name"] = "postgresql"
        span.attributes["db.operation.name"] = operation
        span.attributes["db.query.summary"] = name
        return span
    }

    /// The error itself is not recorded: PostgreSQL's message may quote a value.
    private static func end(_ span: any Span, _ error: (any Error)?) {
        if let error {
            let state = (error as? DatabaseError)?.sqlState
            if let state { span.attributes["db.response.status_code"] = state }
            span.attributes["error.type"] = state ?? DatabaseMetrics.Outcome(error).rawValue
            span.setStatus(SpanStatus(code: .error))
        }
        span.end()
    }

    /// The statement's first word, as `SELECT`.
    private static func operation(of sql: String) -> String {
        let lines = sql.split(whereSeparator: \.isNewline).lazy.map { $0.drop(while: \.isWhitespace) }
        let first = lines.first { !$0.isEmpty && !$0.hasPrefix("--") } ?? ""
        return first.prefix { $0.isLetter }.uppercased()
    }
}
