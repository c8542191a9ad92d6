import Foundation
import Logging
import PeriodicWork
import ServiceKit
import Synchronization
import Testing

/// Time that a test decides: it sees each pause as it begins, and ends it.
final class HandTime: Sendable {
    private struct State {
        var next = 0
        var pauses: [Int: AsyncStream<Void>.Continuation] = [:]
        var now = Date(timeIntervalSince1970: 1_800_000_000)
    }

    private let state = Mutex(State())
    /// How long each pause is to be.
    let pauses: AsyncStream<Duration>
    private let pause: AsyncStream<Duration>.Continuation

    init() { (pauses, pause) = AsyncStream.makeStream() }

    var time: PeriodicTime {
        PeriodicTime(now: { self.now }, sleep: { try await self.sleep($0) }, jitter: { _ in 1 })
    }
    var now: Date { state.withLock { $0.now } }
    func advance(_ seconds: TimeInterval) { state.withLock { $0.now += seconds } }

    private func sleep(_ duration: Duration) async throws {
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        let number = state.withLock { state in
            state.next += 1
            state.pauses[state.next] = end
            return state.next
        }
        pause.yield(duration)
        for await _ in ends {}
        state.withLock { $0.pauses[number] = nil }
        try Task.checkCancellation()
    }

    /// Ends the pauses that have begun.
    func endPauses() { for pause in state.withLock({ $0.pauses.values }) { pause.finish() } }
}

@Suite(.timeLimit(.minutes(1))) struct PeriodicServiceTests {
    struct Broken: Error {}
    struct Hopeless: Error {}

    /// What each round does, one after the other; the last one does its for ever.
    private static func rounds(
        _ outcomes: [Result<PeriodicService.Round, any Error>]
    ) -> @Sendable () async throws -> PeriodicService.Round {
        let left = Mutex(outcomes)
        return {
            let outcome = left.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
            return try outcome.get()
        }
    }

    private func service(
        every interval: Duration, _ hand: HandTime, waitsFirst: Bool = false,
        metrics: PrometheusMetrics = PrometheusMetrics(),
        wakingIt: (@Sendable (Wakeup) async -> Void)? = nil,
        work: @escaping @Sendable () async throws -> PeriodicService.Round
    ) -> PeriodicService {
        PeriodicService(
            "test.loop", every: interval, waitsFirst: waitsFirst, time: hand.time,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, metrics: metrics,
            isFatal: { $0 is Hopeless }, wakingIt: wakingIt, work: work)
    }

    /// The pauses that a service makes, each ended when it has begun.
    private func pauses(_ count: Int, of service: PeriodicService, _ hand: HandTime) async -> [Duration] {
        let running = Task { try await service.run() }
        var seen: [Duration] = []
        for await pause in hand.pauses {
            seen.append(pause)
            if seen.count == count { break }
            hand.endPauses()
        }
        running.cancel()
        _ = await running.result
        return seen
    }

    @Test func restsForItsIntervalUnlessThereIsMore() async {
        let hand = HandTime()
        let worked = Mutex(0)
        let work = Self.rounds([.success(.more), .success(.more), .success(.done)])
        let service = service(every: .seconds(10), hand) {
            worked.withLock { $0 += 1 }
            return try await work()
        }
        #expect(await pauses(2, of: service, hand) == [.seconds(10), .seconds(10)])
        #expect(worked.withLock { $0 } == 4)
    }

    @Test func pausesDoubleFromFailureToFailureAndBeginAnewAfterASuccess() async {
        let broken = Result<PeriodicService.Round, any Error>.failure(Broken())
        let hand = HandTime()
        let often = service(
            every: .seconds(5), hand,
            work: Self.rounds(Array(repeating: broken, count: 7) + [.success(.done), broken]))
        #expect(
            await pauses(9, of: often, hand)
                == [1, 2, 4, 8, 16, 30, 30, 5, 1].map { Duration.seconds($0) })
        // What is done each hour is tried again within minutes.
        let rare = HandTime()
        let seldom = service(every: .seconds(3_600), rare, work: Self.rounds([broken]))
        #expect(
            await pauses(11, of: seldom, rare).suffix(3)
                == [.seconds(256), .seconds(300), .seconds(300)])
        let hasty = HandTime()
        let soon = service(every: .milliseconds(200), hasty, work: Self.rounds([broken]))
        #expect(
            await pauses(3, of: soon, hasty)
                == [.milliseconds(200), .milliseconds(400), .milliseconds(800)])
    }

    @Test func canWaitBeforeItBegins() async {
        let hand = HandTime()
        let worked = Mutex(0)
        let service = service(every: .seconds(3_600), hand, waitsFirst: true) {
            worked.withLock { $0 += 1 }
            return .done
        }
        #expect(await pauses(1, of: service, hand) == [.seconds(3_600)])
        #expect(worked.withLock { $0 } == 0)
    }

    /// No pause is ended here: a signal does it, and does not where the work has just failed.
    @Test func aSignalEndsARestAndNoPauseAfterAFailure() async {
        let hand = HandTime()
        let (signals, signal) = AsyncStream.makeStream(of: Void.self)
        let (began, begin) = AsyncStream.makeStream(of: Int.self)
        let rounds = Mutex(0)
        let service = service(
            every: .seconds(600), hand,
            wakingIt: { wakeup in for await _ in signals { wakeup.signal() } }
        ) {
            let number = rounds.withLock { rounds in
                rounds += 1
                return rounds
            }
            begin.yield(number)
            if number == 2 { throw Broken() }
            return .done
        }
        let running = Task { try await service.run() }
        var round = began.makeAsyncIterator()
        var pause = hand.pauses.makeAsyncIterator()
        var seen = await round.next()
        #expect(seen == 1)
        var length = await pause.next()
        #expect(length == .seconds(600))
        signal.yield()
        seen = await round.next()
        #expect(seen == 2)
        length = await pause.next()
        #expect(length == .seconds(1))
        signal.yield()
        hand.endPauses()
        seen = await round.next()
        #expect(seen == 3)
        running.cancel()
        _ = await running.result
        #expect(rounds.withLock { $0 } <= 4)
    }

    @Test func aFatalErrorEndsItAndSoDoesTheLastRound() async throws {
        let hand = HandTime()
        let hopeless = service(
            every: .seconds(1), hand, work: Self.rounds([.success(.more), .failure(Hopeless())]))
        await #expect(throws: Hopeless.self) { try await hopeless.run() }
        try await service(every: .seconds(1), hand, work: Self.rounds([.success(.last)])).run()
    }

    @Test func itsMetricsAndTenMinutesOfFailureAreSeen() async {
        let (hand, metrics) = (HandTime(), PrometheusMetrics())
        let service = service(
            every: .seconds(1), hand, metrics: metrics,
            work: Self.rounds([.success(.done), .failure(Broken()), .failure(Broken()), .success(.done)]))
        let running = Task { try await service.run() }
        var pause = hand.pauses.makeAsyncIterator()
        let start = hand.now
        func goOn(after seconds: TimeInterval) async {
            hand.advance(seconds)
            hand.endPauses()
            _ = await pause.next()
        }
        _ = await pause.next()
        #expect(
            metrics.text.contains(
                "periodic_last_success_timestamp_seconds{loop=\"test.loop\"} \(start.timeIntervalSince1970)"))
        await goOn(after: 10)
        #expect(service.failingSince(at: start + 609) == nil)
        await goOn(after: 10)
        #expect(service.failingSince(at: start + 610) == start + 10)
        #expect(metrics.text.contains("periodic_failures_total{loop=\"test.loop\"} 2"))
        await goOn(after: 10)
        #expect(service.failingSince(at: start + 9_999) == nil)
        #expect(metrics.text.contains("} \((start + 30).timeIntervalSince1970)"))
        running.cancel()
        _ = await running.result
        // To be stopped is no failure.
        #expect(metrics.text.contains("periodic_failures_total{loop=\"test.loop\"} 2"))
    }

    @Test func whatIsStoppedAtItsWorkHasNotFailed() async {
        let (hand, metrics) = (HandTime(), PrometheusMetrics())
        let (began, begin) = AsyncStream.makeStream(of: Void.self)
        let service = service(every: .seconds(1), hand, metrics: metrics) {
            begin.yield()
            try await Task.sleep(for: .seconds(600))
            return .done
        }
        let running = Task { try await service.run() }
        for await _ in began { break }
        running.cancel()
        _ = await running.result
        #expect(metrics.text.contains("periodic_failures_total{loop=\"test.loop\"} 0"))
    }
}
